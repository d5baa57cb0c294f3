// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/live/tamper/tracee.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace saker::test {
namespace {

constexpr int kAtSyscall = SIGTRAP | 0x80;  // with PTRACE_O_TRACESYSGOOD
constexpr int kEventShift = 16;             // of a stop that is no signal, in its status

// Lets the process run until it enters or leaves a system call. Signals reach it.
bool run_to_syscall(pid_t pid) {
  int signal = 0;
  int status = 0;
  while (ptrace(PTRACE_SYSCALL, pid, nullptr, signal) == 0 &&
         waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
    if (WSTOPSIG(status) == kAtSyscall) {
      return true;
    }
    signal = (status >> kEventShift) == 0 ? WSTOPSIG(status) : 0;
  }
  return false;
}

// The process is stopped somewhere: lets it call close() where it begins its next system call,
// which it then begins again.
long close_at_next_call(pid_t pid, int fd) {
  user_regs_struct entered{};
  user_regs_struct left{};
  if (!run_to_syscall(pid) || ptrace(PTRACE_GETREGS, pid, nullptr, &entered) != 0) {
    return -EIO;
  }
  user_regs_struct registers = entered;
  registers.orig_rax = SYS_close;
  registers.rdi = static_cast<unsigned long long>(fd);
  if (ptrace(PTRACE_SETREGS, pid, nullptr, &registers) != 0 || !run_to_syscall(pid) ||
      ptrace(PTRACE_GETREGS, pid, nullptr, &left) != 0) {
    return -EIO;
  }
  constexpr unsigned long kSyscallBytes = 2;  // of the instruction that made the call
  registers = entered;
  registers.rip -= kSyscallBytes;
  registers.rax = entered.orig_rax;
  registers.orig_rax = static_cast<unsigned long long>(-1);  // nothing to restart
  return ptrace(PTRACE_SETREGS, pid, nullptr, &registers) == 0 ? static_cast<long>(left.rax) : -EIO;
}

}  // namespace

long close_in(pid_t pid, int fd) {
  if (ptrace(PTRACE_SEIZE, pid, nullptr, PTRACE_O_TRACESYSGOOD) != 0 ||
      ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr) != 0) {
    return -errno;
  }
  int status = 0;
  waitpid(pid, &status, __WALL);
  const long result = close_at_next_call(pid, fd);
  ptrace(PTRACE_DETACH, pid, nullptr, nullptr);
  return result;
}

}  // namespace saker::test
