// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <utility>

#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

using enum EventType;

struct TypeOfCall {
  EventType type;
  FdType fd_type;
};

constexpr TypeOfCall kTypesOfCalls[] = {
    {kSyscallEventfdX, FdType::kEvent},
    {kSyscallEventfd2X, FdType::kEvent},
    {kSyscallSignalfdX, FdType::kSignal},
    {kSyscallSignalfd4X, FdType::kSignal},
    {kSyscallTimerfdCreateX, FdType::kTimerfd},
    {kSyscallInotifyInitX, FdType::kInotify},
    {kSyscallInotifyInit1X, FdType::kInotify},
    {kSyscallEpollCreateX, FdType::kEventpoll},
    {kSyscallEpollCreate1X, FdType::kEventpoll},
    {kSyscallBpfV2X, FdType::kBpf},
    {kSyscallUserfaultfdX, FdType::kUserfaultfd},
    {kSyscallIoUringSetupX, FdType::kIoUring},
};

}  // namespace

void on_typed_fd(StateCore& core, const EventView& event) {
  const std::int64_t fd = event.get_signed(0, -1);
  if (fd < 0) {
    return;
  }
  const TypeOfCall* call = std::ranges::find(kTypesOfCalls, event.type(), &TypeOfCall::type);
  core.add_fd(fd, core.fds.make(call->fd_type));
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
  Ref<FdInfo> info = core.fds.make(fd < 0 ? FdType::kUninitialized : FdType::kMemfd);
  if (fd >= 0) {
    info->name = event.text(kName);
  }
  core.add_fd(fd, std::move(info));
}

void on_pidfd_open(StateCore& core, const EventView& event) {
  constexpr std::size_t kPid = 1;
  const std::int64_t fd = event.get_signed(0, -1);
  Ref<FdInfo> info = core.fds.make(fd < 0 ? FdType::kUninitialized : FdType::kPidfd);
  if (fd >= 0) {
    info->pid_of_pidfd = event.get_signed(kPid, 0);
    info->name = "/proc/" + std::to_string(info->pid_of_pidfd);
  }
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
    core.add_fd_copy(fd, *info);
  }
}

}  // namespace saker
