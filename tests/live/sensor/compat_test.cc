// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Calls through the 32-bit entry, which any 64-bit program can use to slip past a watcher that only
// knows the 64-bit numbers, and other numbers that mean the same.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>

#include <gtest/gtest.h>

#include "bpf/shared/record.h"
#include "bpf/user/compat_calls.h"
#include "tests/live/sensor/sensor_fixture.h"

namespace saker::sensor::testing {
namespace {

#if defined(__x86_64__)

long call32(long number, std::uintptr_t a = 0, std::uintptr_t b = 0,
            std::uintptr_t c = 0,  // NOLINT
            std::uintptr_t d = 0) {
  long result = 0;  // NOLINT
  asm volatile("int $0x80"
               : "=a"(result)
               : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d)
               : "memory", "r8", "r9", "r10", "r11");
  return result;
}

bool has_32bit_entry() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(call32(20) == ::getpid() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Texts where 32-bit pointers reach.
char* low_memory() {
  return static_cast<char*>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0));
}

std::uintptr_t low_text(const char* text) {
  return reinterpret_cast<std::uintptr_t>(std::strcpy(low_memory(), text));
}

TEST(SensorCompat, TellsCallsThroughThe32BitEntry) {
  SAKER_SKIP_WITHOUT_SENSOR();
  if (!has_32bit_entry()) {
    GTEST_SKIP() << "SKIP: this kernel has no 32-bit system calls";
  }
  const std::vector<Case> cases = {
      {"openat",
       [](Notes& n) {
         n.number[0] = call32(295, static_cast<std::uintptr_t>(AT_FDCWD), low_text("/etc/hostname"),
                              O_RDONLY);
       },
       "fd={0}; dirfd=-100; name=/etc/hostname; flags=1; mode=0; dev=*; ino=*"},
      {"open",
       [](Notes&) { call32(5, low_text("/nonexistent"), O_WRONLY | O_CREAT | O_EXCL, 0600); },
       "fd=*; name=/nonexistent; flags=*; mode=384; dev=*; ino=*"},
      {"unlink", [](Notes&) { call32(10, low_text("/nonexistent")); }, "res=0; path=/nonexistent"},
      {"close", [](Notes&) { call32(6, 999); }, "res=-9; fd=999"},
      {"setresuid", [](Notes&) { call32(208, 0, 0xffffffff, 0); },
       "res=0; ruid=0; euid=4294967295; suid=0"},
      {"kill", [](Notes&) { call32(37, 4000000, 15); }, "res=-3; pid=4000000; sig=15"},
      {"execve",
       [](Notes&) {
         auto* vector = reinterpret_cast<std::uint32_t*>(low_memory());
         vector[0] = static_cast<std::uint32_t>(low_text("name"));
         vector[1] = static_cast<std::uint32_t>(low_text("argument"));
         call32(11, low_text("/nonexistent"), reinterpret_cast<std::uintptr_t>(vector), 0);
       },
       "res=-2; exe=name; args=argument\\x00; tid=*; pid=*; ptid=*; cwd=<missing>; fdlimit=*; "
       "pgft_maj=*; pgft_min=*; vm_size=*; vm_rss=*; vm_swap=*; comm=*; cgroups=*; env=<missing>; "
       "tty=*; vpgid=*; loginuid=*; flags=*; cap_inheritable=*; cap_permitted=*; cap_effective=*; "
       "exe_ino=*; exe_ino_ctime=*; exe_ino_mtime=*; uid=0; trusted_exepath=*; pgid=*; gid=0; "
       "filename=/nonexistent"},
      // Pointers to structures of another layout: only that the call happened.
      {"syscall", [](Notes&) { call32(145, 999, 0, 0); }, "ID=*; nativeID=145"},
  };
  LiveOptions options;
  options.selection.syscall_codes.push_back(syscall_by_name("readv")->code);
  check_cases(cases, std::move(options));
}

// `arguments` where 32-bit pointers reach.
std::uintptr_t low_numbers(std::initializer_list<std::uint32_t> numbers) {
  char* place = low_memory();
  std::copy(numbers.begin(), numbers.end(), reinterpret_cast<std::uint32_t*>(place));
  return reinterpret_cast<std::uintptr_t>(place);
}

// Calls of the 32-bit entry that do many things by their first argument.
TEST(SensorCompat, TellsWhatSocketcallAndIpcDo) {
  SAKER_SKIP_WITHOUT_SENSOR();
  if (!has_32bit_entry()) {
    GTEST_SKIP() << "SKIP: this kernel has no 32-bit system calls";
  }
  static constexpr long kSocketcall = 102;  // NOLINT(google-runtime-int)
  static constexpr long kIpc = 117;         // NOLINT(google-runtime-int)
  const std::vector<Case> cases = {
      {"socket",
       [](Notes& n) {
         n.number[0] = call32(kSocketcall, 1, low_numbers({AF_INET, SOCK_STREAM, 6}));
         rename_fd(static_cast<int>(n.number[0]), kFd);
       },
       "fd={0}; domain=2; type=1; proto=6; flags=0"},
      {"connect",
       [](Notes&) {
         // 127.0.0.1, port 0x1234
         const auto address = low_numbers({0x34120000U | AF_INET, 0x0100007f, 0, 0});
         call32(kSocketcall, 3, low_numbers({999, static_cast<std::uint32_t>(address), 16}));
       },
       "res=-9; tuple=<missing>; fd=999; addr=\\x02\\x7f\\x00\\x00\\x014\\x12"},
      {"listen",
       [](Notes&) {
         call32(kSocketcall, 4, low_numbers({999, 7}));
       },
       "res=-9; fd=999; backlog=7"},
      {"sendto",  // the other call with fewer arguments: no address
       [](Notes&) {
         const auto text = static_cast<std::uint32_t>(low_text("text"));
         call32(kSocketcall, 9, low_numbers({999, text, 4, 0, 1, 1}));
       },
       "res=-9; data=text; fd=999; size=4; tuple=<missing>"},
      {"shutdown",
       [](Notes&) {
         call32(kSocketcall, 13, low_numbers({999, 1}));
       },
       "res=-9; fd=999; how=1"},
      {"syscall",
       [](Notes&) {
         call32(kSocketcall, 16, low_numbers({999, 0, 0}));
       },
       "ID=*; nativeID=102"},
      {"syscall", [](Notes&) { call32(kIpc, 0x10000 | 23, 0, 0, 0); }, "ID=*; nativeID=117"},
  };
  LiveOptions options;
  for (const char* name : {"sendmsg", "shmget"}) {
    options.selection.syscall_codes.push_back(syscall_by_name(name)->code);
  }
  check_cases(cases, std::move(options));
}

TEST(SensorCompat, KnowsWhatSocketcallAndIpcDo) {
  EXPECT_EQ(socket_call(3), SYS_connect);
  EXPECT_EQ(socket_call(9), SYS_sendto);
  EXPECT_EQ(socket_call(20), SYS_sendmmsg | SAKER_COMPAT_GENERIC);
  EXPECT_EQ(ipc_call(24), SYS_shmctl | SAKER_COMPAT_GENERIC);
  for (const std::uint32_t none : {0U, 25U, 31U}) {
    EXPECT_GE(socket_call(none) & 0x7fff, static_cast<int>(SAKER_MAX_SYSCALLS)) << none;
    EXPECT_GE(ipc_call(none) & 0x7fff, static_cast<int>(SAKER_MAX_SYSCALLS)) << none;
  }
}

// The kernel looks at the lower half of the number's register only.
TEST(SensorCompat, TellsCallsWithBitsAboveTheNumber) {
  SAKER_SKIP_WITHOUT_SENSOR();
  static const long nobody = call((1L << 32) | SYS_getpid);  // NOLINT
  if (nobody != ::getpid()) {
    GTEST_SKIP() << "SKIP: this kernel (before 5.14) refuses such numbers";
  }
  check_cases({
      {"openat",
       [](Notes& n) {
         n.number[0] = call((1L << 32) | SYS_openat, AT_FDCWD, "/etc/hostname", O_RDONLY);
       },
       "fd={0}; dirfd=-100; name=/etc/hostname; flags=1; mode=0; dev=*; ino=*"},
      {"close", [](Notes&) { call((0x7fff1L << 40) | SYS_close, 999); }, "res=-9; fd=999"},
  });
}

// Numbers of the x32 ABI's own; where the kernel does not have it, the calls are refused, but told.
TEST(SensorCompat, TellsCallsThatOnlyX32Has) {
  SAKER_SKIP_WITHOUT_SENSOR();
  constexpr long kMark = 0x40000000;
  LiveOptions options;
  options.selection.syscall_codes.push_back(syscall_by_name("readv")->code);
  options.selection.syscall_codes.push_back(syscall_by_name("execveat")->code);
  check_cases(
      {
          {"syscall", [](Notes&) { call(kMark | 515, 999, 0, 0); }, "ID=*; nativeID=515"},
          {"syscall", [](Notes&) { call(kMark | 545, -1, 0, 0, 0, 0); }, "ID=*; nativeID=545"},
          {"close", [](Notes&) { call(kMark | SYS_close, 999); }, "res=*; fd=999"},
      },
      std::move(options));
}

TEST(SensorCompat, KnowsTheNumbersOfTheX32Abi) {
  EXPECT_EQ(x32_call(512), SYS_rt_sigaction);
  EXPECT_EQ(x32_call(514), SYS_ioctl);
  EXPECT_EQ(x32_call(520), SYS_execve | SAKER_COMPAT_GENERIC);
  EXPECT_EQ(x32_call(547), SYS_pwritev2 | SAKER_COMPAT_GENERIC);
  for (const std::uint32_t none : {0U, 511U, 548U, 575U}) {
    EXPECT_GE(x32_call(none), static_cast<int>(SAKER_MAX_SYSCALLS)) << none;
    EXPECT_EQ(x32_call(none) & SAKER_COMPAT_GENERIC, 0) << none;
  }
}

#endif

}  // namespace
}  // namespace saker::sensor::testing
