// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <utility>

#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

// fcntl commands in Falco's numbering. Source: flags.json, fcntl_commands.
constexpr std::uint8_t kDupFd = 1;
constexpr std::uint8_t kSetFd = 3;
constexpr std::uint8_t kDupFdCloexec = 26;
constexpr std::uint64_t kFdCloexec = 1;                // the argument of F_SETFD; man 2 fcntl
constexpr std::uint32_t kCloseRangeUnshare = 1U << 1;  // flags.json, close_range_flags
constexpr std::uint32_t kCloseRangeCloexec = 1U << 2;

// Whether a close with this result freed the number: what fails is writing out the file, which does
// not keep it open. Source: man 2 close.
[[nodiscard]] bool frees_fd(std::int64_t result) {
  constexpr std::int64_t kEintr = -4;
  constexpr std::int64_t kEio = -5;
  constexpr std::int64_t kEnospc = -28;
  constexpr std::int64_t kEdquot = -122;
  return result >= 0 || result == kEintr || result == kEio || result == kEnospc ||
         result == kEdquot;
}

void set_cloexec(FdInfo& info, bool is_cloexec) {
  info.open_flags =
      is_cloexec ? info.open_flags | open_flag::kCloexec : info.open_flags & ~open_flag::kCloexec;
}

// The copy shares everything with the original but whether it outlives an exec. (Of an unknown
// original nothing is copied: what was known at the number stays, as recordings of Falco show.)
void duplicate(StateCore& core, std::int64_t fd, bool is_cloexec) {
  Ref<FdInfo> copy = core.fds.copy(*core.current.fd);
  set_cloexec(*copy, is_cloexec);
  core.add_fd_copy(fd, std::move(copy));
}

}  // namespace

void on_close(StateCore& core, const EventView& event) {
  if (!frees_fd(event.get_signed(0, -1))) {
    return;
  }
  core.pending.has_close = true;
  core.pending.closing_tid = core.current.thread->tid;
  core.pending.closing_fd = core.current.fd_number;
}

// Takes effect before the rules see the event, unlike close: no single fd is the event's.
void on_close_range(StateCore& core, const EventView& event) {
  constexpr std::size_t kFirst = 1;
  constexpr std::size_t kLast = 2;
  constexpr std::size_t kFlags = 3;
  if (event.get_signed(0, -1) < 0) {
    return;
  }
  const auto flags = event.get<std::uint32_t>(kFlags);
  if ((flags & kCloseRangeUnshare) != 0) {
    core.detach_files(*core.current.thread);
  }
  Ref<FdTable>* table = core.fd_table(*core.current.thread);
  if (table == nullptr) {
    return;
  }
  const std::int64_t first = event.get<std::uint32_t>(kFirst);
  const std::int64_t last = event.get<std::uint32_t>(kLast);
  const bool only_cloexec = (flags & kCloseRangeCloexec) != 0;
  core.fd_numbers.clear();
  (*table)->for_each([&](std::int64_t fd, const FdInfo&) {
    if (fd >= first && fd <= last) {
      core.fd_numbers.push_back(fd);
    }
  });
  for (const std::int64_t fd : core.fd_numbers) {
    if (!only_cloexec) {
      core.fds.remove(*table, fd);
    } else if ((*table)->find(fd) != nullptr) {  // a copy may have had no room for it
      set_cloexec(core.fds.edit(*table, fd), true);
    }
  }
}

void on_dup(StateCore& core, const EventView& event) {
  constexpr std::size_t kDup3Flags = 3;
  const std::int64_t fd = event.get_signed(0, -1);
  if (fd < 0 || fd == core.current.fd_number) {
    return;  // of itself: nothing happens, CLOEXEC stays as it is
  }
  const bool is_cloexec = event.type() == EventType::kSyscallDup3X &&
                          (event.get<std::uint32_t>(kDup3Flags) & open_flag::kCloexec) != 0;
  duplicate(core, fd, is_cloexec);
}

void on_fcntl(StateCore& core, const EventView& event) {
  constexpr std::size_t kCommand = 2;
  constexpr std::size_t kArgument = 3;
  const std::int64_t result = event.get_signed(0, -1);
  if (result < 0) {
    return;
  }
  switch (event.get<std::uint8_t>(kCommand)) {
    case kDupFd:
      duplicate(core, result, false);
      break;
    case kDupFdCloexec:
      duplicate(core, result, true);
      break;
    case kSetFd:
      set_cloexec(core.edit_fd(), (event.get<std::uint64_t>(kArgument) & kFdCloexec) != 0);
      break;
    default:
      break;
  }
}

}  // namespace saker
