// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

using enum EventType;

constexpr std::size_t kNoFlags = 0;

struct NewFdCall {
  EventType type;
  FdType fd_type;
  std::size_t flags_param = kNoFlags;                // kNoFlags: the call has none
  std::uint32_t cloexec_flag = open_flag::kCloexec;  // in the numbering of that parameter
};

constexpr std::uint32_t kEpollCloexec = 1;  // flags.json, epoll_create1_flags
constexpr std::uint32_t kMemfdCloexec = 1;  // flags.json, memfd_create_flags

constexpr NewFdCall kCalls[] = {
    {kSyscallEventfdX, FdType::kEvent},
    {kSyscallEventfd2X, FdType::kEvent, 1},
    {kSyscallSignalfdX, FdType::kSignal},
    {kSyscallSignalfd4X, FdType::kSignal, 1},
    {kSyscallTimerfdCreateX, FdType::kTimerfd},
    {kSyscallInotifyInitX, FdType::kInotify},
    {kSyscallInotifyInit1X, FdType::kInotify, 1},
    {kSyscallEpollCreateX, FdType::kEventpoll},
    {kSyscallEpollCreate1X, FdType::kEventpoll, 1, kEpollCloexec},
    {kSyscallBpfV2X, FdType::kBpf},
    {kSyscallUserfaultfdX, FdType::kUserfaultfd, 1},
    {kSyscallIoUringSetupX, FdType::kIoUring},
    {kSyscallMemfdCreateX, FdType::kMemfd, 2, kMemfdCloexec},
};

void append_number(std::int64_t number, std::string& out) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end.ptr);
}

[[nodiscard]] Ref<FdInfo> make_fd(StateCore& core, const EventView& event) {
  const NewFdCall& call = *std::ranges::find(kCalls, event.type(), &NewFdCall::type);
  Ref<FdInfo> info = core.fds.make(call.fd_type);
  if (call.flags_param != kNoFlags) {
    const auto flags = static_cast<std::uint32_t>(event.get_signed(call.flags_param, 0));
    info->open_flags = (flags & call.cloexec_flag) != 0 ? open_flag::kCloexec : 0;
  }
  return info;
}

}  // namespace

void on_typed_fd(StateCore& core, const EventView& event) {
  const std::int64_t fd = event.get_signed(0, -1);
  if (fd >= 0) {
    core.add_fd(fd, make_fd(core, event));
  }
}

void on_pipe(StateCore& core, const EventView& event) {
  constexpr std::size_t kFd1 = 1;
  constexpr std::size_t kFd2 = 2;
  constexpr std::size_t kInode = 3;
  constexpr std::size_t kFlags = 4;
  if (event.get_signed(0, -1) < 0) {
    return;
  }
  for (const std::size_t param : {kFd1, kFd2}) {
    Ref<FdInfo> info = core.fds.make(FdType::kFifo);
    info->inode = event.get<std::uint64_t>(kInode);
    info->open_flags = event.get<std::uint32_t>(kFlags);
    core.add_fd(event.get_signed(param, -1), std::move(info));
  }
}

// A failed call leaves a record without a kind at its negative number: rules can see it in the
// event, and it counts as open.
void on_memfd_create(StateCore& core, const EventView& event) {
  constexpr std::size_t kName = 1;
  const std::int64_t fd = event.get_signed(0, -1);
  Ref<FdInfo> info = fd < 0 ? core.fds.make(FdType::kUninitialized) : make_fd(core, event);
  if (fd >= 0) {
    info->name = event.text(kName);
  }
  core.add_fd(fd, std::move(info));
}

void on_pidfd_open(StateCore& core, const EventView& event) {
  constexpr std::size_t kPid = 1;
  const std::int64_t fd = event.get_signed(0, -1);
  if (fd < 0) {
    return;
  }
  Ref<FdInfo> info = core.fds.make(FdType::kPidfd);
  info->pid_of_pidfd = event.get_signed(kPid, 0);
  info->name = "/proc/";
  append_number(info->pid_of_pidfd, info->name);
  core.add_fd(fd, std::move(info));
}

void on_pidfd_getfd(StateCore& core, const EventView& event) {
  constexpr std::size_t kPidfd = 1;
  constexpr std::size_t kTargetFd = 2;
  const std::int64_t fd = event.get_signed(0, -1);
  if (fd < 0) {
    return;
  }
  const FdInfo* pidfd = core.find_fd(*core.current.thread, event.get_signed(kPidfd, -1));
  if (pidfd == nullptr || pidfd->type != FdType::kPidfd) {
    return;
  }
  Thread* target = core.threads.find(pidfd->pid_of_pidfd);
  if (target == nullptr) {
    return;
  }
  if (const FdInfo* info = core.find_fd(*target, event.get_signed(kTargetFd, -1))) {
    core.add_fd_copy(fd, core.fds.copy(*info));
  }
}

}  // namespace saker
