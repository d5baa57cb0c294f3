// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

// fcntl commands in Falco's numbering. Source: flags.json, fcntl_commands.
constexpr std::uint8_t kDupFd = 1;
constexpr std::uint8_t kDupFdCloexec = 26;

}  // namespace

void on_close(StateCore& core, const EventView& event) {
  if (event.get_signed(0, -1) < 0) {
    return;
  }
  core.pending.has_close = true;
  core.pending.closing_tid = core.current.thread->tid;
  core.pending.closing_fd = core.current.fd_number;
}

void on_close_range(StateCore& core, const EventView& event) {
  static_cast<void>(core);
  static_cast<void>(event);
}

void on_dup(StateCore& core, const EventView& event) {
  const std::int64_t fd = event.get_signed(0, -1);
  if (fd >= 0) {
    core.add_fd_copy(fd, *core.current.fd);
  }
}

void on_fcntl(StateCore& core, const EventView& event) {
  constexpr std::size_t kCommand = 2;
  const std::int64_t fd = event.get_signed(0, -1);
  const auto command = event.get<std::uint8_t>(kCommand);
  if (fd >= 0 && (command == kDupFd || command == kDupFdCloexec)) {
    core.add_fd_copy(fd, *core.current.fd);
  }
}

}  // namespace saker
