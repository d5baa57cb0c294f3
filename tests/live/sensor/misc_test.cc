// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Ids, descriptors without a path, memory, waiting, input and output, kernel services.
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <csignal>
#include <ctime>

#include <gtest/gtest.h>

#include "tests/live/sensor/sensor_fixture.h"

namespace saker::sensor::testing {
namespace {

const std::vector<Case>& id_cases() {
  static const std::vector<Case> kCases = {
      {"getuid", [](Notes&) { call(SYS_getuid); }, "uid=0"},
      {"geteuid", [](Notes&) { call(SYS_geteuid); }, "euid=0"},
      {"getgid", [](Notes&) { call(SYS_getgid); }, "gid=0"},
      {"getegid", [](Notes&) { call(SYS_getegid); }, "egid=0"},
      {"getresuid",
       [](Notes&) {
         uid_t ids[3];
         call(SYS_getresuid, &ids[0], &ids[1], &ids[2]);
       },
       "res=0; ruid=0; euid=0; suid=0"},
      {"setuid", [](Notes&) { call(SYS_setuid, 0); }, "res=0; uid=0"},
      {"setgid", [](Notes&) { call(SYS_setgid, -1); }, "res=-22; gid=4294967295"},
      {"setreuid", [](Notes&) { call(SYS_setreuid, -1, 0); }, "res=0; ruid=4294967295; euid=0"},
      {"setregid", [](Notes&) { call(SYS_setregid, 0, -1); }, "res=0; rgid=0; egid=4294967295"},
      {"setresuid", [](Notes&) { call(SYS_setresuid, 0, -1, 0); },
       "res=0; ruid=0; euid=4294967295; suid=0"},
      {"setresgid", [](Notes&) { call(SYS_setresgid, -1, 0, 0); },
       "res=0; rgid=4294967295; egid=0; sgid=0"},
      {"setpgid", [](Notes&) { call(SYS_setpgid, 0, -5); }, "res=-22; pid=0; pgid=-5"},
      {"setsid", [](Notes& n) { n.number[0] = call(SYS_setsid); }, "res={0}"},
      {"capset", [](Notes&) { call(SYS_capset, nullptr, nullptr); },
       "res=-14; cap_inheritable=*; cap_permitted=*; cap_effective=*"},
      {"setns", [](Notes&) { call(SYS_setns, 999, CLONE_NEWNET); }, "res=-9; fd=999; nstype=16"},
      {"unshare", [](Notes&) { call(SYS_unshare, CLONE_NEWUTS | CLONE_FS); }, "res=0; flags=130"},
      {"kill", [](Notes&) { call(SYS_kill, 4000000, SIGTERM); }, "res=-3; pid=4000000; sig=15"},
      {"tkill", [](Notes&) { call(SYS_tkill, 4000000, SIGUSR1); }, "res=-3; tid=4000000; sig=10"},
      {"tgkill", [](Notes&) { call(SYS_tgkill, 4000000, 4000001, 0); },
       "res=-3; pid=4000000; tid=4000001; sig=0"},
      {"getrlimit",
       [](Notes& n) {
         rlimit limit{};
         call(SYS_getrlimit, RLIMIT_NOFILE, &limit);
         n.number[0] = static_cast<std::int64_t>(limit.rlim_cur);
         n.number[1] = static_cast<std::int64_t>(limit.rlim_max);
       },
       "res=0; cur={0}; max={1}; resource=7"},
      {"setrlimit",
       [](Notes&) {
         const rlimit limit{20, 10};
         call(SYS_setrlimit, 77, &limit);
       },
       "res=-22; cur=20; max=10; resource=255"},
      {"prlimit",
       [](Notes& n) {
         rlimit limit{};
         call(SYS_prlimit64, 0, RLIMIT_CORE, nullptr, &limit);
         n.number[0] = static_cast<std::int64_t>(limit.rlim_cur);
         n.number[1] = static_cast<std::int64_t>(limit.rlim_max);
       },
       "res=0; newcur=0; newmax=0; oldcur={0}; oldmax={1}; pid=0; resource=4"},
  };
  return kCases;
}

const std::vector<Case>& fd_cases() {
  static const std::vector<Case> kCases = {
      {"eventfd", [](Notes& n) { n.number[0] = call(SYS_eventfd, 5); },
       "res={0}; initval=5; flags=0"},
      {"eventfd2", [](Notes& n) { n.number[0] = call(SYS_eventfd2, 7, O_CLOEXEC | O_NONBLOCK); },
       "res={0}; flags=4160; initval=7"},
      {"timerfd_create", [](Notes& n) { n.number[0] = call(SYS_timerfd_create, 1, O_NONBLOCK); },
       "res={0}; clockid=1; flags=64"},
      {"signalfd4", [](Notes&) { call(SYS_signalfd4, 999, nullptr, 8, O_CLOEXEC); },
       "res=*; flags=4096; fd=999; mask=0"},
      {"signalfd", [](Notes&) { call(SYS_signalfd, 999, nullptr, 8); },
       "res=*; fd=999; mask=0; flags=0"},
      {"inotify_init", [](Notes& n) { n.number[0] = call(SYS_inotify_init); }, "res={0}; flags=0"},
      {"inotify_init1", [](Notes& n) { n.number[0] = call(SYS_inotify_init1, O_CLOEXEC); },
       "res={0}; flags=4096"},
      {"epoll_create", [](Notes& n) { n.number[0] = call(SYS_epoll_create, 3); },
       "res={0}; size=3"},
      {"epoll_create1", [](Notes& n) { n.number[0] = call(SYS_epoll_create1, O_CLOEXEC); },
       "res={0}; flags=1"},
      {"memfd_create", [](Notes& n) { n.number[0] = call(SYS_memfd_create, "a name", 3); },
       "fd={0}; name=a name; flags=3"},
      {"userfaultfd", [](Notes&) { call(SYS_userfaultfd, 0x1000); }, "res=-22; flags=4096"},
      {"pidfd_open",
       [](Notes& n) {
         n.number[1] = ::getpid();
         n.number[0] = call(SYS_pidfd_open, ::getpid(), O_NONBLOCK);
       },
       "fd={0}; pid={1}; flags=1"},
      {"pidfd_getfd", [](Notes&) { call(SYS_pidfd_getfd, 999, 5, 0); },
       "fd=-9; pid_fd=999; target_fd=5; flags=0"},
      {"io_uring_setup",
       [](Notes&) {
         io_uring_params params{};
         params.flags = IORING_SETUP_SQ_AFF | IORING_SETUP_CQSIZE;
         call(SYS_io_uring_setup, 0, &params);
       },
       "res=-22; entries=0; sq_entries=0; cq_entries=0; flags=24; sq_thread_cpu=0; "
       "sq_thread_idle=0; features=0"},
      {"io_uring_enter", [](Notes&) { call(SYS_io_uring_enter, 999, 1, 2, 1, nullptr, 0); },
       "res=-9; fd=999; to_submit=1; min_complete=2; flags=1; sig=0"},
      {"io_uring_register", [](Notes&) { call(SYS_io_uring_register, 999, 2, nullptr, 3); },
       "res=*; fd=999; opcode=2; arg=0; nr_args=3"},
  };
  return kCases;
}

const std::vector<Case>& io_cases() {
  static const std::vector<Case> kCases = {
      {"write",
       [](Notes&) {
         rename_fd(::open("file", O_RDWR | O_CREAT, 0600), kFd);
         call(SYS_write, kFd, "some content", 12);
       },
       "res=12; data=some content; fd=100; size=12"},
      {"write", [](Notes&) { call(SYS_write, 999, "lost", 4); },
       "res=-9; data=lost; fd=999; size=4"},
      {"lseek", [](Notes&) { call(SYS_lseek, kFd, 5, SEEK_SET); },
       "res=5; fd=100; offset=5; whence=0"},
      {"read",
       [](Notes&) {
         char buffer[32];
         call(SYS_read, kFd, buffer, sizeof(buffer));
       },
       "res=7; data=content; fd=100; size=32"},
      {"pread",
       [](Notes&) {
         char buffer[4];
         call(SYS_pread64, kFd, buffer, sizeof(buffer), 0);
       },
       "res=4; data=some; fd=100; size=4; pos=0"},
      {"pwrite", [](Notes&) { call(SYS_pwrite64, kFd, "S", 1, 0); },
       "res=1; data=S; fd=100; size=1; pos=0"},
      {"writev",
       [](Notes&) {
         const iovec pieces[3] = {
             {const_cast<char*>("a"), 1}, {nullptr, 0}, {const_cast<char*>("bc"), 2}};
         call(SYS_writev, kFd, pieces, 3);
       },
       "res=3; data=abc; fd=100; size=3"},
      {"readv",
       [](Notes&) {
         ::lseek(kFd, 0, SEEK_SET);
         char one[2];
         char two[3];
         const iovec pieces[2] = {{one, 2}, {two, 3}};
         call(SYS_readv, kFd, pieces, 2);
       },
       "res=5; size=5; data=Some ; fd=100"},
      {"preadv",
       [](Notes&) {
         char one[2];
         const iovec piece = {one, 2};
         call(SYS_preadv, kFd, &piece, 1, 1, 0);
       },
       "res=2; size=2; data=om; fd=100; pos=1"},
      {"pwritev",
       [](Notes&) {
         const iovec piece = {const_cast<char*>("zz"), 2};
         call(SYS_pwritev, kFd, &piece, 1, 3, 0);
       },
       "res=2; data=zz; fd=100; size=2; pos=3"},
      {"sendfile",
       [](Notes&) {
         off_t offset = 1;
         rename_fd(::open("/dev/null", O_WRONLY), kFd2);
         call(SYS_sendfile, kFd2, kFd, &offset, 2);
       },
       "res=2; offset=3; out_fd=101; in_fd=100; size=2"},
      {"splice", [](Notes&) { call(SYS_splice, 999, nullptr, 998, nullptr, 5, 2); },
       "res=-9; fd_in=999; fd_out=998; size=5; flags=2"},
      {"copy_file_range", [](Notes&) { call(SYS_copy_file_range, 999, 0, 998, 0, 6, 0); },
       "res=-9; fdout=998; offout=0; fdin=999; offin=0; len=6"},
      {"ioctl", [](Notes&) { call(SYS_ioctl, 999, 0x5413, 8); },
       "res=-9; fd=999; request=21523; argument=8"},
      {"getdents", [](Notes&) { call(SYS_getdents, 999, nullptr, 0); }, "res=-9; fd=999"},
      {"getdents64", [](Notes&) { call(SYS_getdents64, 999, nullptr, 0); }, "res=-9; fd=999"},
      {"process_vm_readv",
       [](Notes& n) {
         char from[] = "remote";
         char to[8] = {};
         const iovec local = {to, 6};
         const iovec remote = {from, 6};
         n.number[0] = ::getpid();
         call(SYS_process_vm_readv, ::getpid(), &local, 1, &remote, 1, 0);
       },
       "res=6; pid={0}; data=remote"},
      {"process_vm_writev", [](Notes&) { call(SYS_process_vm_writev, 4000000, 0, 0, 0, 0, 0); },
       "res=*; pid=4000000; data=<missing>"},
  };
  return kCases;
}

const std::vector<Case>& memory_cases() {
  static const std::vector<Case> kCases = {
      {"mmap",
       [](Notes& n) {
         n.number[0] = call(SYS_mmap, 0, 8192, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
       },
       "res={0}; vm_size=*; vm_rss=*; vm_swap=0; addr=0; length=8192; prot=3; flags=74; fd=-1; "
       "offset=0"},
      {"munmap", [](Notes&) { call(SYS_munmap, 1, 4096); },
       "res=-22; vm_size=*; vm_rss=*; vm_swap=0; addr=1; length=4096"},
      {"brk", [](Notes& n) { n.number[0] = call(SYS_brk, 0); },
       "res=*; vm_size=*; vm_rss=*; vm_swap=0; addr=0"},
      {"mprotect", [](Notes&) { call(SYS_mprotect, 1, 4096, PROT_EXEC); },
       "res=-22; addr=1; length=4096; prot=4"},
      {"mlock", [](Notes&) { call(SYS_mlock, 0, 4096); }, "res=-12; addr=0; len=4096"},
      {"mlock2", [](Notes&) { call(SYS_mlock2, 0, 4096, 1); },
       "res=-12; addr=0; len=4096; flags=1"},
      {"munlock", [](Notes&) { call(SYS_munlock, 0, 4096); }, "res=-12; addr=0; len=4096"},
      {"mlockall", [](Notes&) { call(SYS_mlockall, 0); }, "res=-22; flags=0"},
      {"munlockall", [](Notes&) { call(SYS_munlockall); }, "res=0"},
      {"futex",
       [](Notes& n) {
         static int word = 0;
         n.number[0] = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(&word));
         call(SYS_futex, &word, 129, 9, nullptr, nullptr, 0);
       },
       "res=0; addr={0}; op=129; val=9"},
      {"nanosleep",
       [](Notes&) {
         const timespec time{0, 1000};
         call(SYS_nanosleep, &time, nullptr);
       },
       "res=0; interval=1000"},
      {"select", [](Notes&) { call(SYS_select, -1, 0, 0, 0, 0); }, "res=-22"},
      {"epoll_wait", [](Notes&) { call(SYS_epoll_wait, 999, nullptr, 4, 0); },
       "res=*; maxevents=4"},
      {"poll",
       [](Notes&) {
         pollfd list[2] = {{-1, POLLIN, 0}, {999, POLLIN, 0}};
         call(SYS_poll, list, 2, -1);
       },
       "res=1; fds=\\x02\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\x00"
       "\\xe7\\x03\\x00\\x00\\x00\\x00\\x00\\x00@\\x00; timeout=4294967295"},
      {"ppoll",
       [](Notes&) {
         pollfd list{999, POLLIN, 0};
         const timespec time{1, 5};
         const std::uint64_t mask = 0x800;
         call(SYS_ppoll, &list, 1, &time, &mask, 8);
       },
       "res=1; fds=\\x01\\x00\\xe7\\x03\\x00\\x00\\x00\\x00\\x00\\x00@\\x00; timeout=*; "
       "sigmask=2048"},
  };
  return kCases;
}

const std::vector<Case>& system_cases() {
  static const std::vector<Case> kCases = {
      {"bpf", [](Notes&) { call(SYS_bpf, 3, nullptr, 0); }, "fd=*; cmd=3"},
      {"seccomp", [](Notes&) { call(SYS_seccomp, 99, 1, nullptr); }, "res=-22; op=99; flags=1"},
      {"init_module",
       [](Notes&) {
         call(SYS_init_module,
              "\x7f"
              "ELF",
              4, "a=1");
       },
       "res=*; img=\\x7fELF; length=4; uargs=a=1"},
      {"finit_module", [](Notes&) { call(SYS_finit_module, 999, "b=2", 3); },
       "res=*; fd=999; uargs=b=2; flags=3"},
      {"delete_module", [](Notes&) { call(SYS_delete_module, "no_such", O_NONBLOCK | O_TRUNC); },
       "res=*; name=no_such; flags=3"},
      {"prctl", [](Notes&) { ::prctl(PR_SET_NAME, "renamed"); },
       "res=0; option=15; arg2_str=renamed; arg2_int=0"},
      {"prctl", [](Notes&) { ::prctl(PR_SET_CHILD_SUBREAPER, 1); },
       "res=0; option=36; arg2_str=<missing>; arg2_int=1"},
      {"prctl",
       [](Notes&) {
         int is_reaper = 0;
         ::prctl(PR_GET_CHILD_SUBREAPER, &is_reaper);
       },
       "res=0; option=37; arg2_str=<missing>; arg2_int=1"},
      {"ptrace", [](Notes&) { call(SYS_ptrace, PTRACE_ATTACH, 4000000, 0, 0); },
       "res=-3; addr=\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00; "
       "data=\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00; request=11; pid=4000000"},
      {"ptrace", [](Notes&) { call(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); },
       "res=0; addr=\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00; "
       "data=\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00; request=1; pid=0"},
      {"keyctl", [](Notes&) { call(SYS_keyctl, KEYCTL_REVOKE, 77, 0, 0, 0); },
       "res=*; operation=3; arg2=\\x00M\\x00\\x00\\x00\\x00\\x00\\x00\\x00; "
       "arg3=\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00; "
       "arg4=\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00; "
       "arg5=\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"},
      {"semget", [](Notes&) { call(SYS_semget, 0x7fffffff, 1, 0); },
       "res=-2; key=2147483647; nsems=1; semflg=0"},
      {"semop", [](Notes&) { call(SYS_semop, -1, nullptr, 1); },
       "res=*; nsops=1; sem_num_0=0; sem_op_0=0; sem_flg_0=0; sem_num_1=0; sem_op_1=0; "
       "sem_flg_1=0; semid=-1"},
      {"semctl", [](Notes&) { call(SYS_semctl, -1, 2, SETVAL, 5); },
       "res=-22; semid=-1; semnum=2; cmd=4096; val=5"},
      {"syscall", [](Notes&) { call(SYS_getpriority, 0, 0); }, "ID=*; nativeID=140"},
  };
  return kCases;
}

std::vector<Case> joined(std::initializer_list<std::vector<Case>> lists) {
  std::vector<Case> all;
  for (const auto& list : lists) {
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

// One load of the programs for all: loading takes longer than the calls.
TEST(SensorMisc, TellsEveryParameter) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Folder folder;
  LiveOptions options;
  options.selection.syscall_codes.push_back(syscall_by_name("getpriority")->code);
  check_cases(
      folder.inside(joined({io_cases(), memory_cases(), fd_cases(), id_cases(), system_cases()})),
      std::move(options));
}

TEST(SensorMisc, TellsSignals) {
  SAKER_SKIP_WITHOUT_SENSOR();
  LiveOptions options;
  options.selection.events.push_back(EventType::kSignaldeliverE);
  const Recording run = record(
      {},
      [] {
        ::signal(SIGUSR1, [](int) {});
        ::kill(::getpid(), SIGUSR1);
        const pid_t child = ::fork();
        if (child == 0) {
          ::raise(SIGKILL);
        }
        ::waitpid(child, nullptr, 0);
      },
      std::move(options));
  ASSERT_EQ(run.error, "");
  const Record* own = run.find("signaldeliver");
  ASSERT_NE(own, nullptr) << run.describe();
  EXPECT_EQ(own->number("spid"), run.child);
  EXPECT_EQ(own->number("dpid"), run.child);
  EXPECT_EQ(own->number("sig"), SIGUSR1);
  const Record* end = run.find("procexit");
  ASSERT_NE(end, nullptr);
  EXPECT_EQ(end->number("sig"), SIGKILL);
  EXPECT_EQ(end->number("ret"), 0);
  EXPECT_EQ(end->number("status"), SIGKILL);
}

}  // namespace
}  // namespace saker::sensor::testing
