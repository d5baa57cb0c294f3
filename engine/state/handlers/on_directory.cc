// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/handlers/handlers.h"
#include "engine/state/path.h"

namespace saker {

namespace {

constexpr std::size_t kPath = 1;

[[nodiscard]] bool succeeded(const EventView& event) {
  return event.get_signed(0, -1) >= 0;
}

}  // namespace

void on_chdir(StateCore& core, const EventView& event) {
  if (succeeded(event)) {
    core.change_cwd(*core.current.thread, event.text(kPath));
  }
}

void on_fchdir(StateCore& core, const EventView& event) {
  if (succeeded(event)) {
    core.change_cwd(*core.current.thread, core.current.fd->name);
  }
}

void on_getcwd(StateCore& core, const EventView& event) {
  if (succeeded(event)) {
    core.change_cwd(*core.current.thread, event.text(kPath));
  }
}

void on_chroot(StateCore& core, const EventView& event) {
  if (!succeeded(event)) {
    return;
  }
  Thread& thread = *core.current.thread;
  const std::string_view root = event.text(kPath);
  if (is_absolute(root)) {
    thread.root = root;
  } else {
    join_path(core.cwd(thread), root, core.path);
    thread.root = core.path;
  }
}

}  // namespace saker
