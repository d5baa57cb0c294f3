// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Every case runs in a child, for what is given up does not come back.
#include "app/hardening.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace saker::app {
namespace {

// Runs `body` in a child; returns its exit status, or 128 + the signal that ended it.
int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Exit status of a shell command; 127 when no shell can be started.
int shell(const char* command) {
  const int status = std::system(command);  // NOLINT: fixed command lines
  return status == -1 || !WIFEXITED(status) ? 255 : WEXITSTATUS(status);
}

TEST(CoreDumps, AreForbidden) {
  EXPECT_EQ(in_child([] {
              if (!forbid_core_dumps()) {
                return 1;
              }
              rlimit limit{1, 1};
              const bool has_none = ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 &&
                                    limit.rlim_max == 0;
              return has_none && ::prctl(PR_GET_DUMPABLE) == 0 ? 0 : 2;
            }),
            0);
}

TEST(Capabilities, HaveNames) {
  EXPECT_EQ(capability_by_name("CAP_BPF"), CAP_BPF);
  EXPECT_EQ(capability_by_name("cap_bpf"), CAP_BPF);
  EXPECT_EQ(capability_by_name("Sys_Ptrace"), CAP_SYS_PTRACE);
  EXPECT_EQ(capability_by_name("CAP_NOTHING"), -1);
  EXPECT_EQ(capability_by_name(""), -1);
  for (int i = 0; i <= CAP_LAST_CAP; ++i) {
    EXPECT_EQ(capability_by_name(capability_name(i)), i);
  }
  EXPECT_EQ(capability_name(63), "capability 63");
}

TEST(Capabilities, OnlyTheListedOnesStay) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  EXPECT_EQ(in_child([] {
              const CapabilitySet before = *permitted_capabilities();
              const CapabilitySet keep = {CAP_DAC_READ_SEARCH, CAP_SETPCAP};
              if (!keep_capabilities(keep)) {
                return 1;
              }
              CapabilitySet expected;
              for (const int capability : keep) {
                if (before.count(capability) != 0) {
                  expected.insert(capability);
                }
              }
              return *permitted_capabilities() == expected ? 0 : 2;
            }),
            0);
}

TEST(Capabilities, ProgramsOfRootHaveNone) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  EXPECT_EQ(in_child([] {
              return keep_capabilities({CAP_DAC_READ_SEARCH})
                         ? shell("grep -q '^CapEff:.0000000000000000' /proc/self/status")
                         : 1;
            }),
            0);
}

TEST(Capabilities, TellWhichFilesNeedMore) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  const testing::TempDir folder;
  const std::string own = folder.file("own");
  const std::string foreign = folder.file("foreign");
  std::ofstream(own) << "x";
  std::ofstream(foreign) << "x";
  ::chmod(foreign.c_str(), 0644);
  ASSERT_EQ(::chown(foreign.c_str(), 65534, 65534), 0);
  EXPECT_EQ(in_child([&] {
              return could_write(own, {}) && could_write(folder.file("new"), {}) &&
                             !could_write(foreign, {}) &&
                             could_write(foreign, {CAP_DAC_OVERRIDE}) &&
                             // Nothing was given up yet.
                             ::access(foreign.c_str(), W_OK) == 0
                         ? 0
                         : 1;
            }),
            0);
}

bool is_refused(long result) {
  return result == -1 && errno == EPERM;
}

TEST(SystemCalls, ForbiddenOnesFail) {
  EXPECT_EQ(in_child([] {
              if (!forbid_system_calls({})) {
                return 1;
              }
              bpf_attr attributes{};
              return is_refused(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)) &&
                             is_refused(::mount("none", "/", "tmpfs", 0, nullptr)) &&
                             is_refused(::unshare(CLONE_NEWUSER)) &&
                             is_refused(::syscall(SYS_bpf, BPF_PROG_LOAD, &attributes,
                                                  sizeof(attributes))) &&
                             is_refused(::syscall(SYS_kexec_load, 0, 0, 0, 0))
                         ? 0
                         : 2;
            }),
            0);
}

TEST(SystemCalls, OrdinaryWorkGoesOn) {
  EXPECT_EQ(in_child([] {
              if (!forbid_system_calls({.allows_programs = true})) {
                return 1;
              }
              std::atomic<int> sum{0};
              std::thread([&] { sum = 42; }).join();
              return sum == 42 && shell("exit 7") == 7 &&
                             shell("cat /dev/null | wc -c >/dev/null") == 0
                         ? 0
                         : 2;
            }),
            0);
}

TEST(SystemCalls, WithoutProgramsNothingCanBeStarted) {
  EXPECT_EQ(in_child([] {
              if (!forbid_system_calls({.allows_programs = false})) {
                return 1;
              }
              std::atomic<int> sum{0};
              std::thread([&] { sum = 42; }).join();  // threads still can
              char* const arguments[] = {nullptr};
              return sum == 42 && is_refused(::fork()) && shell("true") == 127 &&
                             is_refused(::execve("/bin/true", arguments, arguments))
                         ? 0
                         : 2;
            }),
            0);
}

TEST(SystemCalls, HoldForThreadsThatRunAlready) {
  EXPECT_EQ(in_child([] {
              std::atomic<bool> is_set{false};
              std::atomic<bool> is_other_refused{false};
              std::thread other([&] {
                while (!is_set) {
                  std::this_thread::yield();
                }
                is_other_refused = is_refused(::mount("none", "/", "tmpfs", 0, nullptr));
              });
              const bool is_done = forbid_system_calls({}).has_value();
              is_set = true;
              other.join();
              return is_done && is_other_refused ? 0 : 1;
            }),
            0);
}

TEST(SystemCalls, ForeignArchitecturesHaveNone) {
#if defined(__x86_64__)
  EXPECT_EQ(in_child([] {
              if (!forbid_system_calls({})) {
                return 1;
              }
              long result = 20;  // getpid of the 32-bit table
              asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
              return result == -ENOSYS ? 0 : 2;
            }),
            0);
#else
  GTEST_SKIP() << "x86_64 only";
#endif
}

}  // namespace
}  // namespace saker::app
