// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/live/tamper/tracee.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <cerrno>

namespace saker::test {

long close_in(pid_t pid, int fd) {
  if (ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) != 0 ||
      ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr) != 0) {
    return -errno;
  }
  constexpr unsigned long kSyscallBytes = 2;  // of the instruction before the interrupted place
  user_regs_struct saved{};
  long result = -EIO;
  int status = 0;
  waitpid(pid, &status, __WALL);
  if (ptrace(PTRACE_GETREGS, pid, nullptr, &saved) == 0) {
    user_regs_struct registers = saved;
    registers.rip -= kSyscallBytes;
    registers.orig_rax = static_cast<unsigned long long>(-1);  // nothing to restart
    registers.rax = SYS_close;
    registers.rdi = static_cast<unsigned long long>(fd);
    ptrace(PTRACE_SETREGS, pid, nullptr, &registers);
    ptrace(PTRACE_SINGLESTEP, pid, nullptr, nullptr);
    waitpid(pid, &status, __WALL);
    ptrace(PTRACE_GETREGS, pid, nullptr, &registers);
    result = static_cast<long>(registers.rax);
    ptrace(PTRACE_SETREGS, pid, nullptr, &saved);
  }
  ptrace(PTRACE_DETACH, pid, nullptr, nullptr);
  return result;
}

}  // namespace saker::test
