// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/compat_calls.h"

#include <algorithm>
#include <span>

#include "bpf/shared/record.h"

namespace saker::sensor {
namespace {

struct Row {
  std::uint16_t compat;
  std::uint16_t native;
  bool is_generic;  // arguments point to structures of another layout
};

// Calls of the same name and meaning. Source: the kernel's asm/unistd_32.h and asm/unistd_64.h.
// clang-format off
constexpr Row kRows[] = {
    {0, 219, false},  // restart_syscall
    {1, 60, false},  // exit
    {2, 57, false},  // fork
    {3, 0, false},  // read
    {4, 1, false},  // write
    {5, 2, false},  // open
    {6, 3, false},  // close
    {7, 61, true},  // waitpid
    {8, 85, false},  // creat
    {9, 86, false},  // link
    {10, 87, false},  // unlink
    {11, 59, false},  // execve
    {12, 80, false},  // chdir
    {13, 201, false},  // time
    {14, 133, false},  // mknod
    {15, 90, false},  // chmod
    {16, 94, false},  // lchown
    {19, 8, false},  // lseek
    {20, 39, false},  // getpid
    {21, 165, false},  // mount
    {22, 166, true},  // umount
    {23, 105, false},  // setuid
    {24, 102, false},  // getuid
    {26, 101, false},  // ptrace
    {27, 37, false},  // alarm
    {29, 34, false},  // pause
    {30, 132, false},  // utime
    {33, 21, false},  // access
    {36, 162, false},  // sync
    {37, 62, false},  // kill
    {38, 82, false},  // rename
    {39, 83, false},  // mkdir
    {40, 84, false},  // rmdir
    {41, 32, false},  // dup
    {42, 22, false},  // pipe
    {43, 100, false},  // times
    {45, 12, false},  // brk
    {46, 106, false},  // setgid
    {47, 104, false},  // getgid
    {49, 107, false},  // geteuid
    {50, 108, false},  // getegid
    {51, 163, false},  // acct
    {52, 166, false},  // umount2
    {54, 16, false},  // ioctl
    {55, 72, false},  // fcntl
    {57, 109, false},  // setpgid
    {60, 95, false},  // umask
    {61, 161, false},  // chroot
    {62, 136, false},  // ustat
    {63, 33, false},  // dup2
    {64, 110, false},  // getppid
    {65, 111, false},  // getpgrp
    {66, 112, false},  // setsid
    {70, 113, false},  // setreuid
    {71, 114, false},  // setregid
    {74, 170, false},  // sethostname
    {75, 160, true},  // setrlimit
    {76, 97, true},  // getrlimit
    {77, 98, false},  // getrusage
    {78, 96, false},  // gettimeofday
    {79, 164, false},  // settimeofday
    {80, 115, false},  // getgroups
    {81, 116, false},  // setgroups
    {82, 23, true},  // select
    {83, 88, false},  // symlink
    {85, 89, false},  // readlink
    {86, 134, false},  // uselib
    {87, 167, false},  // swapon
    {88, 169, false},  // reboot
    {90, 9, true},  // mmap
    {91, 11, false},  // munmap
    {92, 76, false},  // truncate
    {93, 77, false},  // ftruncate
    {94, 91, false},  // fchmod
    {95, 93, false},  // fchown
    {96, 140, false},  // getpriority
    {97, 141, false},  // setpriority
    {99, 137, false},  // statfs
    {100, 138, false},  // fstatfs
    {101, 173, false},  // ioperm
    {103, 103, false},  // syslog
    {104, 38, false},  // setitimer
    {105, 36, false},  // getitimer
    {106, 4, false},  // stat
    {107, 6, false},  // lstat
    {108, 5, false},  // fstat
    {110, 172, false},  // iopl
    {111, 153, false},  // vhangup
    {114, 61, false},  // wait4
    {115, 168, false},  // swapoff
    {116, 99, false},  // sysinfo
    {118, 74, false},  // fsync
    {120, 56, false},  // clone
    {121, 171, false},  // setdomainname
    {122, 63, false},  // uname
    {123, 154, false},  // modify_ldt
    {124, 159, false},  // adjtimex
    {125, 10, false},  // mprotect
    {127, 174, false},  // create_module
    {128, 175, false},  // init_module
    {129, 176, false},  // delete_module
    {130, 177, false},  // get_kernel_syms
    {131, 179, true},  // quotactl
    {132, 121, false},  // getpgid
    {133, 81, false},  // fchdir
    {135, 139, false},  // sysfs
    {136, 135, false},  // personality
    {137, 183, false},  // afs_syscall
    {138, 122, false},  // setfsuid
    {139, 123, false},  // setfsgid
    {141, 78, false},  // getdents
    {142, 23, true},  // _newselect
    {143, 73, false},  // flock
    {144, 26, false},  // msync
    {145, 19, true},  // readv
    {146, 20, true},  // writev
    {147, 124, false},  // getsid
    {148, 75, false},  // fdatasync
    {149, 156, false},  // _sysctl
    {150, 149, false},  // mlock
    {151, 150, false},  // munlock
    {152, 151, false},  // mlockall
    {153, 152, false},  // munlockall
    {154, 142, false},  // sched_setparam
    {155, 143, false},  // sched_getparam
    {156, 144, false},  // sched_setscheduler
    {157, 145, false},  // sched_getscheduler
    {158, 24, false},  // sched_yield
    {159, 146, false},  // sched_get_priority_max
    {160, 147, false},  // sched_get_priority_min
    {161, 148, false},  // sched_rr_get_interval
    {162, 35, true},  // nanosleep
    {163, 25, false},  // mremap
    {164, 117, false},  // setresuid
    {165, 118, false},  // getresuid
    {167, 178, false},  // query_module
    {168, 7, false},  // poll
    {169, 180, false},  // nfsservctl
    {170, 119, false},  // setresgid
    {171, 120, false},  // getresgid
    {172, 157, false},  // prctl
    {173, 15, false},  // rt_sigreturn
    {174, 13, false},  // rt_sigaction
    {175, 14, false},  // rt_sigprocmask
    {176, 127, false},  // rt_sigpending
    {177, 128, false},  // rt_sigtimedwait
    {178, 129, false},  // rt_sigqueueinfo
    {179, 130, false},  // rt_sigsuspend
    {180, 17, true},  // pread64
    {181, 18, true},  // pwrite64
    {182, 92, false},  // chown
    {183, 79, false},  // getcwd
    {184, 125, false},  // capget
    {185, 126, false},  // capset
    {186, 131, false},  // sigaltstack
    {187, 40, true},  // sendfile
    {188, 181, false},  // getpmsg
    {189, 182, false},  // putpmsg
    {190, 58, false},  // vfork
    {191, 97, true},  // ugetrlimit
    {192, 9, true},  // mmap2
    {195, 4, false},  // stat64
    {196, 6, false},  // lstat64
    {197, 5, false},  // fstat64
    {198, 94, false},  // lchown32
    {199, 102, false},  // getuid32
    {200, 104, false},  // getgid32
    {201, 107, false},  // geteuid32
    {202, 108, false},  // getegid32
    {203, 113, false},  // setreuid32
    {204, 114, false},  // setregid32
    {205, 115, false},  // getgroups32
    {206, 116, false},  // setgroups32
    {207, 93, false},  // fchown32
    {208, 117, false},  // setresuid32
    {209, 118, false},  // getresuid32
    {210, 119, false},  // setresgid32
    {211, 120, false},  // getresgid32
    {212, 92, false},  // chown32
    {213, 105, false},  // setuid32
    {214, 106, false},  // setgid32
    {215, 122, false},  // setfsuid32
    {216, 123, false},  // setfsgid32
    {217, 155, false},  // pivot_root
    {218, 27, false},  // mincore
    {219, 28, false},  // madvise
    {220, 217, false},  // getdents64
    {221, 72, false},  // fcntl64
    {224, 186, false},  // gettid
    {225, 187, false},  // readahead
    {226, 188, false},  // setxattr
    {227, 189, false},  // lsetxattr
    {228, 190, false},  // fsetxattr
    {229, 191, false},  // getxattr
    {230, 192, false},  // lgetxattr
    {231, 193, false},  // fgetxattr
    {232, 194, false},  // listxattr
    {233, 195, false},  // llistxattr
    {234, 196, false},  // flistxattr
    {235, 197, false},  // removexattr
    {236, 198, false},  // lremovexattr
    {237, 199, false},  // fremovexattr
    {238, 200, false},  // tkill
    {239, 40, false},  // sendfile64
    {240, 202, false},  // futex
    {241, 203, false},  // sched_setaffinity
    {242, 204, false},  // sched_getaffinity
    {243, 205, false},  // set_thread_area
    {244, 211, false},  // get_thread_area
    {245, 206, false},  // io_setup
    {246, 207, false},  // io_destroy
    {247, 208, false},  // io_getevents
    {248, 209, false},  // io_submit
    {249, 210, false},  // io_cancel
    {250, 221, false},  // fadvise64
    {252, 231, false},  // exit_group
    {253, 212, false},  // lookup_dcookie
    {254, 213, false},  // epoll_create
    {255, 233, false},  // epoll_ctl
    {256, 232, false},  // epoll_wait
    {257, 216, false},  // remap_file_pages
    {258, 218, false},  // set_tid_address
    {259, 222, false},  // timer_create
    {260, 223, false},  // timer_settime
    {261, 224, false},  // timer_gettime
    {262, 225, false},  // timer_getoverrun
    {263, 226, false},  // timer_delete
    {264, 227, false},  // clock_settime
    {265, 228, false},  // clock_gettime
    {266, 229, false},  // clock_getres
    {267, 230, false},  // clock_nanosleep
    {270, 234, false},  // tgkill
    {271, 235, false},  // utimes
    {273, 236, false},  // vserver
    {274, 237, false},  // mbind
    {275, 239, false},  // get_mempolicy
    {276, 238, false},  // set_mempolicy
    {277, 240, false},  // mq_open
    {278, 241, false},  // mq_unlink
    {279, 242, false},  // mq_timedsend
    {280, 243, false},  // mq_timedreceive
    {281, 244, false},  // mq_notify
    {282, 245, false},  // mq_getsetattr
    {283, 246, false},  // kexec_load
    {284, 247, false},  // waitid
    {286, 248, false},  // add_key
    {287, 249, false},  // request_key
    {288, 250, false},  // keyctl
    {289, 251, false},  // ioprio_set
    {290, 252, false},  // ioprio_get
    {291, 253, false},  // inotify_init
    {292, 254, false},  // inotify_add_watch
    {293, 255, false},  // inotify_rm_watch
    {294, 256, false},  // migrate_pages
    {295, 257, false},  // openat
    {296, 258, false},  // mkdirat
    {297, 259, false},  // mknodat
    {298, 260, false},  // fchownat
    {299, 261, false},  // futimesat
    {300, 262, false},  // fstatat64
    {301, 263, false},  // unlinkat
    {302, 264, false},  // renameat
    {303, 265, false},  // linkat
    {304, 266, false},  // symlinkat
    {305, 267, false},  // readlinkat
    {306, 268, false},  // fchmodat
    {307, 269, false},  // faccessat
    {308, 270, true},  // pselect6
    {309, 271, true},  // ppoll
    {310, 272, false},  // unshare
    {311, 273, false},  // set_robust_list
    {312, 274, false},  // get_robust_list
    {313, 275, false},  // splice
    {314, 277, false},  // sync_file_range
    {315, 276, false},  // tee
    {316, 278, true},  // vmsplice
    {317, 279, false},  // move_pages
    {318, 309, false},  // getcpu
    {319, 281, false},  // epoll_pwait
    {320, 280, false},  // utimensat
    {321, 282, false},  // signalfd
    {322, 283, false},  // timerfd_create
    {323, 284, false},  // eventfd
    {324, 285, false},  // fallocate
    {325, 286, false},  // timerfd_settime
    {326, 287, false},  // timerfd_gettime
    {327, 289, false},  // signalfd4
    {328, 290, false},  // eventfd2
    {329, 291, false},  // epoll_create1
    {330, 292, false},  // dup3
    {331, 293, false},  // pipe2
    {332, 294, false},  // inotify_init1
    {333, 295, true},  // preadv
    {334, 296, true},  // pwritev
    {335, 297, false},  // rt_tgsigqueueinfo
    {336, 298, false},  // perf_event_open
    {337, 299, true},  // recvmmsg
    {338, 300, false},  // fanotify_init
    {339, 301, false},  // fanotify_mark
    {340, 302, false},  // prlimit64
    {341, 303, false},  // name_to_handle_at
    {342, 304, false},  // open_by_handle_at
    {343, 305, false},  // clock_adjtime
    {344, 306, false},  // syncfs
    {345, 307, true},  // sendmmsg
    {346, 308, false},  // setns
    {347, 310, true},  // process_vm_readv
    {348, 311, true},  // process_vm_writev
    {349, 312, false},  // kcmp
    {350, 313, false},  // finit_module
    {351, 314, false},  // sched_setattr
    {352, 315, false},  // sched_getattr
    {353, 316, false},  // renameat2
    {354, 317, false},  // seccomp
    {355, 318, false},  // getrandom
    {356, 319, false},  // memfd_create
    {357, 321, false},  // bpf
    {358, 322, false},  // execveat
    {359, 41, false},  // socket
    {360, 53, false},  // socketpair
    {361, 49, false},  // bind
    {362, 42, false},  // connect
    {363, 50, false},  // listen
    {364, 288, false},  // accept4
    {365, 55, true},  // getsockopt
    {366, 54, true},  // setsockopt
    {367, 51, false},  // getsockname
    {368, 52, false},  // getpeername
    {369, 44, false},  // sendto
    {370, 46, true},  // sendmsg
    {371, 45, false},  // recvfrom
    {372, 47, true},  // recvmsg
    {373, 48, false},  // shutdown
    {374, 323, false},  // userfaultfd
    {375, 324, false},  // membarrier
    {376, 325, false},  // mlock2
    {377, 326, false},  // copy_file_range
    {378, 327, true},  // preadv2
    {379, 328, true},  // pwritev2
    {380, 329, false},  // pkey_mprotect
    {381, 330, false},  // pkey_alloc
    {382, 331, false},  // pkey_free
    {383, 332, false},  // statx
    {384, 158, false},  // arch_prctl
    {385, 333, false},  // io_pgetevents
    {386, 334, false},  // rseq
    {393, 64, false},  // semget
    {394, 66, true},  // semctl
    {395, 29, false},  // shmget
    {396, 31, false},  // shmctl
    {397, 30, false},  // shmat
    {398, 67, false},  // shmdt
    {399, 68, false},  // msgget
    {400, 69, false},  // msgsnd
    {401, 70, false},  // msgrcv
    {402, 71, false},  // msgctl
    {403, 228, true},  // clock_gettime64
    {414, 271, true},  // ppoll_time64
    {417, 299, true},  // recvmmsg_time64
    {420, 220, true},  // semtimedop_time64
    {422, 202, true},  // futex_time64
    {424, 424, false},  // pidfd_send_signal
    {425, 425, false},  // io_uring_setup
    {426, 426, false},  // io_uring_enter
    {427, 427, false},  // io_uring_register
    {428, 428, false},  // open_tree
    {429, 429, false},  // move_mount
    {430, 430, false},  // fsopen
    {431, 431, false},  // fsconfig
    {432, 432, false},  // fsmount
    {433, 433, false},  // fspick
    {434, 434, false},  // pidfd_open
    {435, 435, false},  // clone3
    {436, 436, false},  // close_range
    {437, 437, false},  // openat2
    {438, 438, false},  // pidfd_getfd
    {439, 439, false},  // faccessat2
    {440, 440, false},  // process_madvise
    {441, 441, false},  // epoll_pwait2
    {442, 442, false},  // mount_setattr
    {443, 443, false},  // quotactl_fd
    {444, 444, false},  // landlock_create_ruleset
    {445, 445, false},  // landlock_add_rule
    {446, 446, false},  // landlock_restrict_self
    {447, 447, false},  // memfd_secret
    {448, 448, false},  // process_mrelease
    {449, 449, false},  // futex_waitv
    {450, 450, false},  // set_mempolicy_home_node
};

// What socketcall does by its first argument. Source: the kernel's linux/net.h, SYS_SOCKET ...
constexpr Row kSocketRows[] = {
    {1, 41, false},  // socket
    {2, 49, false},  // bind
    {3, 42, false},  // connect
    {4, 50, false},  // listen
    {5, 43, false},  // accept
    {6, 51, false},  // getsockname
    {7, 52, false},  // getpeername
    {8, 53, false},  // socketpair
    {9, 44, false},  // send
    {10, 45, false},  // recv
    {11, 44, false},  // sendto
    {12, 45, false},  // recvfrom
    {13, 48, false},  // shutdown
    {14, 54, true},  // setsockopt
    {15, 55, true},  // getsockopt
    {16, 46, true},  // sendmsg
    {17, 47, true},  // recvmsg
    {18, 288, false},  // accept4
    {19, 299, true},  // recvmmsg
    {20, 307, true},  // sendmmsg
};

// What ipc does by its first argument, all with other layouts. Source: the kernel's linux/ipc.h, SEMOP
// ...
constexpr Row kIpcRows[] = {
    {1, 65, true},  // semop
    {2, 64, true},  // semget
    {3, 66, true},  // semctl
    {4, 220, true},  // semtimedop
    {11, 69, true},  // msgsnd
    {12, 70, true},  // msgrcv
    {13, 68, true},  // msgget
    {14, 71, true},  // msgctl
    {21, 30, true},  // shmat
    {22, 67, true},  // shmdt
    {23, 29, true},  // shmget
    {24, 31, true},  // shmctl
};

// Numbers that only the x32 ABI has. Source: the kernel's syscall_64.tbl, rows "x32".
constexpr Row kX32Rows[] = {
    {512, 13, false},  // rt_sigaction
    {513, 15, false},  // rt_sigreturn
    {514, 16, false},  // ioctl
    {515, 19, true},  // readv
    {516, 20, true},  // writev
    {517, 45, false},  // recvfrom
    {518, 46, true},  // sendmsg
    {519, 47, true},  // recvmsg
    {520, 59, true},  // execve
    {521, 101, false},  // ptrace
    {522, 127, false},  // rt_sigpending
    {523, 128, false},  // rt_sigtimedwait
    {524, 129, false},  // rt_sigqueueinfo
    {525, 131, false},  // sigaltstack
    {526, 222, false},  // timer_create
    {527, 244, false},  // mq_notify
    {528, 246, false},  // kexec_load
    {529, 247, false},  // waitid
    {530, 273, false},  // set_robust_list
    {531, 274, false},  // get_robust_list
    {532, 278, true},  // vmsplice
    {533, 279, false},  // move_pages
    {534, 295, true},  // preadv
    {535, 296, true},  // pwritev
    {536, 297, false},  // rt_tgsigqueueinfo
    {537, 299, true},  // recvmmsg
    {538, 307, true},  // sendmmsg
    {539, 310, true},  // process_vm_readv
    {540, 311, true},  // process_vm_writev
    {541, 54, false},  // setsockopt
    {542, 55, false},  // getsockopt
    {543, 206, false},  // io_setup
    {544, 209, false},  // io_submit
    {545, 322, true},  // execveat
    {546, 327, true},  // preadv2
    {547, 328, true},  // pwritev2
};
// clang-format on

constexpr std::uint16_t kNone = 0x7fff;

std::uint16_t entry_of(std::span<const Row> rows, std::uint32_t call) {
  const auto row = std::ranges::lower_bound(rows, call, {},
                                            [](const Row& r) -> std::uint32_t { return r.compat; });
  if (row == rows.end() || row->compat != call) {
    return kNone;
  }
  return static_cast<std::uint16_t>(row->native | (row->is_generic ? SAKER_COMPAT_GENERIC : 0));
}

}  // namespace

std::uint16_t compat_call(std::uint32_t call) {
  return entry_of(kRows, call);
}

std::uint16_t socket_call(std::uint32_t call) {
  return entry_of(kSocketRows, call);
}

std::uint16_t ipc_call(std::uint32_t call) {
  return entry_of(kIpcRows, call);
}

std::uint16_t x32_call(std::uint32_t call) {
  return entry_of(kX32Rows, call);
}

}  // namespace saker::sensor
