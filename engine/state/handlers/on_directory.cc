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
  if (!succeeded(event)) {
    return;
  }
  if (core.current.fd != nullptr) {
    core.change_cwd(*core.current.thread, core.current.fd->name);
  } else {
    core.forget_cwd(*core.current.thread);
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
  const Thread& thread = *core.current.thread;
  if (!thread.folders) {
    return;
  }
  std::string& root = thread.folders->root;
  const std::string_view path = event.text(kPath);
  if (is_absolute(path)) {
    root = path;
  } else {
    join_path(core.cwd(thread), path, core.path);
    root = core.path;
  }
}

}  // namespace saker
