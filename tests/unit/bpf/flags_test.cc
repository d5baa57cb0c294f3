// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The kernel side's flag translations, compiled for the host: each constant of the system's headers
// must become the number that the catalogue has for its name.
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdint>
#include <functional>
#include <string_view>

#include <gtest/gtest.h>

#include "engine/event/catalogue.h"

#ifndef __always_inline
#define __always_inline inline
#endif
#define __TARGET_ARCH_x86 1  // NOLINT: the name that the BPF headers use
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wextra"
namespace kernel_side {
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s64 = std::int64_t;
#include "bpf/kernel/flags_calls.h"
}  // namespace kernel_side
#pragma GCC diagnostic pop

namespace saker {
namespace {

std::uint32_t value_of(FlagTable table, std::string_view name) {
  for (const FlagName& flag : flag_names(table)) {
    if (flag.name == name) {
      return flag.value;
    }
  }
  ADD_FAILURE() << flag_table_name(table) << " has no " << name;
  return 0xdeadbeef;
}

struct Row {
  std::uint64_t call;     // the system's number
  std::string_view name;  // in the flag table
};

using Translate = std::function<std::uint32_t(std::uint64_t)>;

// Each row alone gives exactly its value, and all together give all values.
void expect_bits(FlagTable table, const Translate& translate, const std::vector<Row>& rows,
                 std::uint32_t always = 0) {
  std::uint64_t all_calls = 0;
  std::uint32_t all_values = always;
  for (const Row& row : rows) {
    EXPECT_EQ(translate(row.call), value_of(table, row.name) | always) << row.name;
    all_calls |= row.call;
    all_values |= value_of(table, row.name);
  }
  EXPECT_EQ(translate(all_calls), all_values) << flag_table_name(table);
}

void expect_numbers(FlagTable table, const Translate& translate, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(translate(row.call), value_of(table, row.name)) << row.name;
  }
}

#define ROW(name) \
  { static_cast<std::uint64_t>(name), #name }

TEST(KernelFlags, OpenFlags) {
  const auto open = [](std::uint64_t flags) {
    return kernel_side::open_flags(static_cast<std::uint32_t>(flags));
  };
  expect_numbers(FlagTable::kFileFlags, open, {ROW(O_RDONLY), ROW(O_WRONLY), ROW(O_RDWR)});
  expect_bits(FlagTable::kFileFlags, open,
              {ROW(O_CREAT),
               ROW(O_APPEND),
               ROW(O_EXCL),
               ROW(O_NONBLOCK),
               ROW(O_TRUNC),
               ROW(O_DIRECT),
               ROW(O_CLOEXEC),
               {0100000, "O_LARGEFILE"}},
              value_of(FlagTable::kFileFlags, "O_RDONLY"));
  // One call flag contains another; Falco reports both.
  EXPECT_EQ(open(O_DIRECTORY), 1U | value_of(FlagTable::kFileFlags, "O_DIRECTORY") |
                                   value_of(FlagTable::kFileFlags, "O_TMPFILE"));
  EXPECT_EQ(open(O_SYNC), 1U | value_of(FlagTable::kFileFlags, "O_SYNC") |
                              value_of(FlagTable::kFileFlags, "O_DSYNC"));
  EXPECT_EQ(open(3), 1U);  // the invalid access mode
  EXPECT_EQ(open(0xffffffff), 0x3ffdU);
  EXPECT_EQ(kernel_side::EVENT_O_F_CREATED, value_of(FlagTable::kFileFlags, "O_F_CREATED"));
  EXPECT_EQ(kernel_side::EVENT_FD_UPPER_LAYER, value_of(FlagTable::kFileFlags, "FD_UPPER_LAYER"));
  EXPECT_EQ(kernel_side::EVENT_FD_LOWER_LAYER, value_of(FlagTable::kFileFlags, "FD_LOWER_LAYER"));
}

TEST(KernelFlags, OpenModeOnlyWhereFilesAreMade) {
  EXPECT_EQ(kernel_side::open_mode(O_RDWR, 0777), 0U);
  EXPECT_EQ(kernel_side::open_mode(O_CREAT, 0170644), 0644U);
  EXPECT_EQ(kernel_side::open_mode(O_TMPFILE, 07777), 07777U);
  EXPECT_EQ(kernel_side::open_mode(O_DIRECTORY, 0777), 0U);
}

TEST(KernelFlags, CloneFlags) {
  expect_bits(FlagTable::kCloneFlags, kernel_side::clone_flags,
              {ROW(CLONE_FILES),        ROW(CLONE_FS),
               ROW(CLONE_IO),           ROW(CLONE_NEWIPC),
               ROW(CLONE_NEWNET),       ROW(CLONE_NEWNS),
               ROW(CLONE_NEWPID),       ROW(CLONE_NEWUTS),
               ROW(CLONE_PARENT),       ROW(CLONE_PARENT_SETTID),
               ROW(CLONE_PTRACE),       ROW(CLONE_SIGHAND),
               ROW(CLONE_SYSVSEM),      ROW(CLONE_THREAD),
               ROW(CLONE_UNTRACED),     ROW(CLONE_VM),
               ROW(CLONE_NEWUSER),      ROW(CLONE_CHILD_CLEARTID),
               ROW(CLONE_CHILD_SETTID), ROW(CLONE_SETTLS),
               ROW(CLONE_VFORK),        ROW(CLONE_NEWCGROUP)});
  EXPECT_EQ(kernel_side::clone_flags(0xffffffff), 0x1b90ffffU);
  EXPECT_EQ(kernel_side::EVENT_CLONE_CHILD_IN_PIDNS,
            value_of(FlagTable::kCloneFlags, "CLONE_CHILD_IN_PIDNS"));
  EXPECT_EQ(kernel_side::EVENT_CLONE_THREAD, value_of(FlagTable::kCloneFlags, "CLONE_THREAD"));
}

TEST(KernelFlags, MountAndUmount) {
  expect_bits(FlagTable::kMountFlags, kernel_side::mount_flags,
              {{MS_RDONLY, "RDONLY"},
               {MS_NOSUID, "NOSUID"},
               {MS_BIND, "BIND"},
               {MS_PRIVATE, "PRIVATE"},
               {MS_LAZYTIME, "LAZYTIME"}});
  EXPECT_EQ(kernel_side::mount_flags(0xc0ed0001), 1U);  // MS_MGC_VAL
  expect_bits(FlagTable::kUmountFlags, kernel_side::umount_flags,
              {{MNT_FORCE, "FORCE"},
               {MNT_DETACH, "DETACH"},
               {MNT_EXPIRE, "EXPIRE"},
               {UMOUNT_NOFOLLOW, "NOFOLLOW"}});
}

TEST(KernelFlags, PathCalls) {
  expect_bits(FlagTable::kUnlinkatFlags, kernel_side::unlinkat_flags, {ROW(AT_REMOVEDIR)});
  expect_bits(FlagTable::kLinkatFlags, kernel_side::linkat_flags,
              {ROW(AT_SYMLINK_FOLLOW), ROW(AT_EMPTY_PATH)});
  expect_bits(FlagTable::kNewfstatatFlags, kernel_side::newfstatat_flags,
              {ROW(AT_EMPTY_PATH), ROW(AT_NO_AUTOMOUNT), ROW(AT_SYMLINK_NOFOLLOW)});
  expect_bits(FlagTable::kOpenat2Flags, kernel_side::openat2_resolve,
              {ROW(RESOLVE_BENEATH), ROW(RESOLVE_IN_ROOT), ROW(RESOLVE_NO_MAGICLINKS),
               ROW(RESOLVE_NO_SYMLINKS), ROW(RESOLVE_NO_XDEV), ROW(RESOLVE_CACHED)});
  expect_bits(FlagTable::kChmodMode, kernel_side::chmod_mode,
              {ROW(S_ISUID), ROW(S_ISGID), ROW(S_ISVTX), ROW(S_IRUSR), ROW(S_IWUSR), ROW(S_IXUSR),
               ROW(S_IRGRP), ROW(S_IWGRP), ROW(S_IXGRP), ROW(S_IROTH), ROW(S_IWOTH), ROW(S_IXOTH)});
  expect_numbers(FlagTable::kMknodMode, kernel_side::mknod_mode,
                 {ROW(S_IFREG), ROW(S_IFCHR), ROW(S_IFBLK), ROW(S_IFIFO), ROW(S_IFSOCK)});
  expect_bits(FlagTable::kFlockFlags, kernel_side::flock_operation,
              {ROW(LOCK_SH), ROW(LOCK_EX), ROW(LOCK_NB), ROW(LOCK_UN)});
}

TEST(KernelFlags, FcntlCommands) {
  expect_numbers(FlagTable::kFcntlCommands, kernel_side::fcntl_command,
                 {ROW(F_DUPFD),      ROW(F_GETFD),         ROW(F_SETFD),         ROW(F_GETFL),
                  ROW(F_SETFL),      ROW(F_SETOWN),        ROW(F_GETOWN),        ROW(F_SETSIG),
                  ROW(F_GETSIG),     ROW(F_SETOWN_EX),     ROW(F_GETOWN_EX),     ROW(F_OFD_GETLK),
                  ROW(F_OFD_SETLK),  ROW(F_OFD_SETLKW),    ROW(F_SETLEASE),      ROW(F_GETLEASE),
                  ROW(F_NOTIFY),     {1029, "F_CANCELLK"}, ROW(F_DUPFD_CLOEXEC), ROW(F_SETPIPE_SZ),
                  ROW(F_GETPIPE_SZ), {5, "F_GETLK"},       {6, "F_SETLK"},       {7, "F_SETLKW"}});
  EXPECT_EQ(kernel_side::fcntl_command(4711), 0);
}

TEST(KernelFlags, Memory) {
  expect_bits(
      FlagTable::kProtFlags, kernel_side::protection_flags,
      {ROW(PROT_READ), ROW(PROT_WRITE), ROW(PROT_EXEC), ROW(PROT_GROWSDOWN), ROW(PROT_GROWSUP)});
  expect_bits(FlagTable::kMmapFlags, kernel_side::mapping_flags,
              {ROW(MAP_SHARED), ROW(MAP_PRIVATE), ROW(MAP_FIXED), ROW(MAP_ANONYMOUS),
               ROW(MAP_32BIT), ROW(MAP_NORESERVE), ROW(MAP_POPULATE), ROW(MAP_NONBLOCK),
               ROW(MAP_GROWSDOWN), ROW(MAP_DENYWRITE), ROW(MAP_EXECUTABLE), ROW(MAP_LOCKED)});
}

TEST(KernelFlags, Poll) {
  expect_bits(FlagTable::kPollFlags,
              [](std::uint64_t events) {
                return kernel_side::poll_events(static_cast<std::uint16_t>(events));
              },
              {ROW(POLLIN),
               ROW(POLLPRI),
               ROW(POLLOUT),
               {0x2000, "POLLRDHUP"},
               ROW(POLLERR),
               ROW(POLLHUP),
               ROW(POLLNVAL),
               ROW(POLLRDNORM),
               ROW(POLLRDBAND),
               ROW(POLLWRNORM),
               ROW(POLLWRBAND)});
}

TEST(KernelFlags, IoUring) {
  expect_bits(FlagTable::kIoUringSetupFlags, kernel_side::io_uring_setup_flags,
              {ROW(IORING_SETUP_IOPOLL),
               ROW(IORING_SETUP_SQPOLL),
               ROW(IORING_SETUP_SQ_AFF),
               ROW(IORING_SETUP_CQSIZE),
               ROW(IORING_SETUP_CLAMP),
               {IORING_SETUP_ATTACH_WQ, "IORING_SETUP_ATTACH_RW"},
               ROW(IORING_SETUP_R_DISABLED)});
}

TEST(KernelFlags, StrictFdFlagsSayNothingOfInvalidCombinations) {
  EXPECT_EQ(kernel_side::strict_fd_flags(O_CLOEXEC | O_NONBLOCK), 0x1040U);
  EXPECT_EQ(kernel_side::strict_fd_flags(O_CLOEXEC | 1), 0U);
}

TEST(KernelFlags, SocketOptions) {
  const auto name = [](std::uint64_t option) {
    return kernel_side::option_name(SOL_SOCKET, static_cast<std::uint32_t>(option));
  };
  expect_numbers(
      FlagTable::kSockoptOptions, name,
      {ROW(SO_DEBUG),       ROW(SO_REUSEADDR),    ROW(SO_TYPE),          ROW(SO_ERROR),
       ROW(SO_SNDBUF),      ROW(SO_KEEPALIVE),    ROW(SO_LINGER),        ROW(SO_REUSEPORT),
       ROW(SO_PEERCRED),    ROW(SO_BINDTODEVICE), ROW(SO_ATTACH_FILTER), ROW(SO_MARK),
       ROW(SO_PROTOCOL),    ROW(SO_DOMAIN),       ROW(SO_BUSY_POLL),     ROW(SO_INCOMING_CPU),
       ROW(SO_ATTACH_BPF),  ROW(SO_PEERGROUPS),   ROW(SO_MEMINFO),       ROW(SO_COOKIE),
       ROW(SO_SNDBUFFORCE), ROW(SO_RCVBUFFORCE)});
  EXPECT_EQ(kernel_side::option_name(0, SO_REUSEADDR), 0);
  EXPECT_EQ(kernel_side::option_name(SOL_SOCKET, 4711), 0);
  EXPECT_EQ(kernel_side::option_level(SOL_SOCKET),
            value_of(FlagTable::kSockoptLevels, "SOL_SOCKET"));
  EXPECT_EQ(kernel_side::option_level(6), value_of(FlagTable::kSockoptLevels, "SOL_TCP"));
  EXPECT_EQ(kernel_side::option_level(17), 0);
}

TEST(KernelFlags, PtraceRequests) {
  expect_numbers(FlagTable::kPtraceRequests, kernel_side::ptrace_request,
                 {ROW(PTRACE_TRACEME),
                  {1, "PTRACE_PEEKTEXT"},
                  {2, "PTRACE_PEEKDATA"},
                  {3, "PTRACE_PEEKUSR"},
                  {4, "PTRACE_POKETEXT"},
                  {5, "PTRACE_POKEDATA"},
                  {6, "PTRACE_POKEUSR"},
                  ROW(PTRACE_CONT),
                  ROW(PTRACE_KILL),
                  ROW(PTRACE_SINGLESTEP),
                  ROW(PTRACE_ATTACH),
                  ROW(PTRACE_DETACH),
                  ROW(PTRACE_SYSCALL),
                  ROW(PTRACE_SETOPTIONS),
                  ROW(PTRACE_GETEVENTMSG),
                  ROW(PTRACE_GETSIGINFO),
                  ROW(PTRACE_SETSIGINFO),
                  ROW(PTRACE_GETREGSET),
                  ROW(PTRACE_SETREGSET),
                  ROW(PTRACE_SEIZE),
                  ROW(PTRACE_INTERRUPT),
                  ROW(PTRACE_LISTEN),
                  ROW(PTRACE_PEEKSIGINFO),
                  ROW(PTRACE_GETSIGMASK),
                  ROW(PTRACE_SETSIGMASK),
                  ROW(PTRACE_GETREGS),
                  ROW(PTRACE_SETREGS),
                  ROW(PTRACE_GETFPREGS),
                  ROW(PTRACE_SETFPREGS),
                  ROW(PTRACE_GETFPXREGS),
                  ROW(PTRACE_SETFPXREGS),
                  {21, "PTRACE_OLDSETOPTIONS"},
                  {25, "PTRACE_GET_THREAD_AREA"},
                  {26, "PTRACE_SET_THREAD_AREA"},
                  {30, "PTRACE_ARCH_PRCTL"},
                  {31, "PTRACE_SYSEMU"},
                  {32, "PTRACE_SYSEMU_SINGLESTEP"},
                  {33, "PTRACE_SINGLEBLOCK"}});
  EXPECT_EQ(kernel_side::ptrace_request(4711), 0);
}

TEST(KernelFlags, Semaphores) {
  expect_numbers(FlagTable::kSemctlCommands, kernel_side::semaphore_command,
                 {ROW(IPC_RMID),
                  ROW(IPC_SET),
                  ROW(IPC_STAT),
                  ROW(IPC_INFO),
                  ROW(GETPID),
                  ROW(GETVAL),
                  ROW(GETALL),
                  ROW(GETNCNT),
                  ROW(GETZCNT),
                  ROW(SETVAL),
                  ROW(SETALL),
                  {18, "SEM_STAT"},
                  {19, "SEM_INFO"}});
}

TEST(KernelFlags, Quotas) {
  expect_numbers(FlagTable::kQuotactlCmds, kernel_side::quota_command,
                 {{0x800001, "Q_SYNC"},
                  {0x800002, "Q_QUOTAON"},
                  {0x800003, "Q_QUOTAOFF"},
                  {0x800004, "Q_GETFMT"},
                  {0x800005, "Q_GETINFO"},
                  {0x800006, "Q_SETINFO"},
                  {0x800007, "Q_GETQUOTA"},
                  {0x800008, "Q_SETQUOTA"},
                  {0x5801, "Q_XQUOTAON"},
                  {0x5802, "Q_XQUOTAOFF"},
                  {0x5803, "Q_XGETQUOTA"},
                  {0x5804, "Q_XSETQLIM"},
                  {0x5805, "Q_XGETQSTAT"},
                  {0x5806, "Q_XQUOTARM"},
                  {0x5807, "Q_XQUOTASYNC"}});
  expect_numbers(
      FlagTable::kQuotactlQuotaFmts, kernel_side::quota_format,
      {{0, "QFMT_NOT_USED"}, {1, "QFMT_VFS_OLD"}, {2, "QFMT_VFS_V0"}, {4, "QFMT_VFS_V1"}});
}

TEST(KernelFlags, Devices) {
  EXPECT_EQ(kernel_side::encode_device((254U << 20) | 0), 0xfe00U);
  EXPECT_EQ(kernel_side::decode_device(0x763), (7U << 20) | 99U);
  for (const std::uint32_t device : {0U, 0xfe00U, 0x12345678U, 0xffffffffU}) {
    EXPECT_EQ(kernel_side::encode_device(kernel_side::decode_device(device)), device);
  }
}

}  // namespace
}  // namespace saker
