// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <array>

#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

struct Entry {
  EventType type;
  HandlerRow row;
};

using enum EventType;

constexpr HandlerRow kStored = {.needs = Needs::kThread, .stores_enter = true};

constexpr HandlerRow with_thread(Handler handler, bool uses_enter = false) {
  return {.needs = Needs::kThread, .uses_enter = uses_enter, .handle = handler};
}
constexpr HandlerRow with_fd(Handler handler, bool uses_enter = false) {
  return {.needs = Needs::kFd, .uses_enter = uses_enter, .handle = handler};
}
constexpr HandlerRow changing(HandlerRow row) {
  row.changes_facts = true;
  return row;
}
constexpr HandlerRow always(Handler handler) {
  return {.needs = Needs::kNothing, .handle = handler};
}

constexpr Entry kEntries[] = {
    {kSyscallCloneV20X, always(on_clone)},
    {kSyscallForkV20X, always(on_clone)},
    {kSyscallVforkV20X, always(on_clone)},
    {kSyscallClone3X, always(on_clone)},
    {kSyscallExecveV19X, changing(with_thread(on_exec))},
    {kSyscallExecveatX, changing(with_thread(on_exec))},
    {kProcexitV1E, with_thread(on_procexit)},
    {kSyscallPrctlX, with_thread(on_prctl)},

    {kSyscallOpenE, kStored},
    {kSyscallCreatE, kStored},
    {kSyscallOpenatV2E, kStored},
    {kSyscallOpenat2E, kStored},
    {kSocketConnectE, kStored},
    {kSyscallOpenX, with_thread(on_open, true)},
    {kSyscallCreatX, with_thread(on_open, true)},
    {kSyscallOpenatV2X, with_thread(on_open, true)},
    {kSyscallOpenat2X, with_thread(on_open, true)},
    {kSyscallOpenByHandleAtX, with_thread(on_open)},

    {kSyscallCloseX, with_fd(on_close)},
    {kSyscallCloseRangeX, with_thread(on_close_range)},
    {kSyscallDupV1X, with_fd(on_dup)},
    {kSyscallDup2X, with_fd(on_dup)},
    {kSyscallDup3X, with_fd(on_dup)},
    {kSyscallFcntlX, with_fd(on_fcntl)},
    {kSyscallPipeX, with_thread(on_pipe)},
    {kSyscallPipe2X, with_thread(on_pipe)},
    {kSyscallEventfdX, with_thread(on_typed_fd)},
    {kSyscallEventfd2X, with_thread(on_typed_fd)},
    {kSyscallSignalfdX, with_thread(on_typed_fd)},
    {kSyscallSignalfd4X, with_thread(on_typed_fd)},
    {kSyscallTimerfdCreateX, with_thread(on_typed_fd)},
    {kSyscallInotifyInitX, with_thread(on_typed_fd)},
    {kSyscallInotifyInit1X, with_thread(on_typed_fd)},
    {kSyscallEpollCreateX, with_thread(on_typed_fd)},
    {kSyscallEpollCreate1X, with_thread(on_typed_fd)},
    {kSyscallBpfV2X, with_thread(on_typed_fd)},
    {kSyscallUserfaultfdX, with_thread(on_typed_fd)},
    {kSyscallIoUringSetupX, with_thread(on_typed_fd)},
    {kSyscallMemfdCreateX, with_thread(on_memfd_create)},
    {kSyscallPidfdOpenX, with_thread(on_pidfd_open)},
    {kSyscallPidfdGetfdX, with_thread(on_pidfd_getfd)},

    {kSocketSocketX, with_thread(on_socket)},
    {kSocketSocketpairX, with_thread(on_socketpair)},
    {kSocketBindX, with_fd(on_bind)},
    {kSocketConnectX, with_fd(on_connect, true)},
    {kSocketAcceptV5X, with_thread(on_accept)},
    {kSocketAccept4V6X, with_thread(on_accept)},
    {kSyscallReadX, with_fd(on_transfer)},
    {kSyscallWriteX, with_fd(on_transfer)},
    {kSyscallPreadX, with_fd(on_transfer)},
    {kSyscallPwriteX, with_fd(on_transfer)},
    {kSyscallReadvX, with_fd(on_transfer)},
    {kSyscallWritevX, with_fd(on_transfer)},
    {kSyscallPreadvX, with_fd(on_transfer)},
    {kSyscallPwritevX, with_fd(on_transfer)},
    {kSocketRecvX, with_fd(on_receive)},
    {kSocketRecvfromX, with_fd(on_receive)},
    {kSocketRecvmsgX, with_fd(on_receive)},
    {kSocketRecvmmsgX, with_fd(on_receive)},
    {kSocketSendX, with_thread(on_send)},
    {kSocketSendtoX, with_thread(on_send)},
    {kSocketSendmsgX, with_thread(on_send)},
    {kSocketSendmmsgX, with_thread(on_send)},

    {kSyscallChdirX, changing(with_thread(on_chdir))},
    {kSyscallFchdirX, changing(with_thread(on_fchdir))},
    {kSyscallGetcwdX, changing(with_thread(on_getcwd))},
    {kSyscallChrootX, changing(with_thread(on_chroot))},

    {kSyscallSetuidX, changing(with_thread(on_setuid))},
    {kSyscallSetgidX, changing(with_thread(on_setgid))},
    {kSyscallSetreuidX, changing(with_thread(on_set_effective_uid))},
    {kSyscallSetresuidX, changing(with_thread(on_set_effective_uid))},
    {kSyscallSetregidX, changing(with_thread(on_set_effective_gid))},
    {kSyscallSetresgidX, changing(with_thread(on_set_effective_gid))},
    {kSyscallSetsidX, changing(with_thread(on_setsid))},
    {kSyscallCapsetX, changing(with_thread(on_capset))},
    {kSyscallUnshareX, changing(with_thread(on_new_namespace))},
    {kSyscallSetnsX, changing(with_thread(on_new_namespace))},

    {kSyscallGetrlimitX, with_thread(on_rlimit)},
    {kSyscallSetrlimitX, with_thread(on_rlimit)},
    {kSyscallPrlimitX, with_thread(on_prlimit)},
    {kSyscallBrkV4X, with_thread(on_memory)},
    {kSyscallMmapX, with_thread(on_memory)},
    {kSyscallMmap2X, with_thread(on_memory)},
    {kSyscallMunmapX, with_thread(on_memory)},
    {kSchedswitchV6E, with_thread(on_switch)},

    {kUserAddedE, always(on_user_added)},
    {kUserDeletedE, always(on_user_deleted)},
    {kGroupAddedE, always(on_group_added)},
    {kGroupDeletedE, always(on_group_deleted)},
};

constexpr auto make_table() {
  std::array<HandlerRow, kEventTypeCount> table{};
  for (const Entry& entry : kEntries) {
    table[index_of(entry.type)] = entry.row;
  }
  return table;
}

constexpr std::array<HandlerRow, kEventTypeCount> kTable = make_table();

}  // namespace

const HandlerRow& handler_of(EventType type) {
  return kTable[index_of(type)];
}

}  // namespace saker
