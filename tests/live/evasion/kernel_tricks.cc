// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Ways round rules about privileges, other processes, namespaces, devices and the kernel.
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <string>

#include "app/demo/actions.h"
#include "tests/live/evasion/evasion.h"
#include "tests/live/evasion/means.h"

namespace saker::evasion {

namespace {

// A process that waits, for `action` to work on.
Status with_victim(const std::function<Status(pid_t)>& action) {
  const pid_t victim = fork();
  if (victim == 0) {
    pause();
    _exit(0);
  }
  const Status status = action(victim);
  kill(victim, SIGKILL);
  waitpid(victim, nullptr, 0);
  return status;
}

void add_privileges(EvasionList& rows) {
  rows.rule("Root identity taken");
  rows.caught("root-setresuid", "only the effective id, by `setresuid`", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(demo::become_nobody_keeping_a_way_back());
    return check(setresuid(static_cast<uid_t>(-1), 0, static_cast<uid_t>(-1)) == 0, "refused");
  });
  rows.caught("root-setreuid", "`setreuid`", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(demo::become_nobody_keeping_a_way_back());
    return check(setreuid(static_cast<uid_t>(-1), 0) == 0, "refused");
  });
  rows.missed(
      "root-setfsuid", "only the id for files, by `setfsuid`", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(demo::become_nobody_keeping_a_way_back());
        setfsuid(0);
        return check(setfsuid(0) == 0, "refused");
      },
      "Falco's catalogue has no parameters for it; the files that are read are reported");
  rows.missed(
      "root-suid-program", "a set-user-ID program", {.files = {"/mnt/program"}},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(demo::copy_program("/bin/true", "/mnt/program"));
        SAKER_RETURN_IF_ERROR(check(chmod("/mnt/program", 04755) == 0, "chmod"));
        SAKER_RETURN_IF_ERROR(check(chmod("/mnt", 0755) == 0, "chmod"));
        return in_child([]() -> Status {
          SAKER_RETURN_IF_ERROR(demo::become_nobody());
          return run({"/mnt/program", "program"});
        });
      },
      "the kernel changes the id without a call; setting the bit is reported");
  rows.rule("Refused attempt to become root");
  rows.caught("refused-orphan", "double fork", {}, [] {
    return in_orphan(true, []() -> Status {
      SAKER_RETURN_IF_ERROR(demo::become_nobody());
      return check(setreuid(0, 0) != 0, "not refused");
    });
  });
  rows.rule("Powerful capability outside root");
  rows.caught("capability-namespace", "root of a user namespace of one's own", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(demo::become_nobody());
    SAKER_RETURN_IF_ERROR(check_call(unshare(CLONE_NEWUSER) == 0 ? 0 : (errno = ENOSYS, -1),
                                     "no user namespaces here"));
    prctl(PR_SET_DUMPABLE, 1);  // or our files in /proc are root's
    const demo::OwnedFd map(open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC));
    const std::string line = "0 " + std::to_string(demo::kNobody) + " 1\n";
    SAKER_RETURN_IF_ERROR(
        check(write(map.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()),
              "cannot map the user"));
    return run({"/bin/true", "true"});
  });
  rows.rule("User namespace created by a user");
  rows.caught("userns-clone", "`clone` instead of `unshare`", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(demo::become_nobody());
    const long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
      _exit(0);
    }
    return child > 0 ? Status{} : lacking("no user namespaces here");
  });
  rows.caught("userns-clone3", "`clone3`", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(demo::become_nobody());
    clone_args arguments{};
    arguments.flags = CLONE_NEWUSER;
    arguments.exit_signal = SIGCHLD;
    const long child = syscall(SYS_clone3, &arguments, sizeof(arguments));
    if (child == 0) {
      _exit(0);
    }
    return child > 0 ? Status{} : lacking("no user namespaces here");
  });
}

void add_injection(EvasionList& rows) {
  rows.rule("Code injected into another process");
  rows.caught("inject-seize", "`PTRACE_SEIZE`", {}, [] {
    return with_victim([](pid_t victim) {
      return check(ptrace(PTRACE_SEIZE, victim, nullptr, nullptr) == 0, "cannot seize");
    });
  });
  rows.caught("inject-vm", "`process_vm_writev`", {}, [] {
    return with_victim([](pid_t victim) {
      static char place = 'x';
      const iovec piece{&place, 1};
      return check(process_vm_writev(victim, &piece, 1, &piece, 1, 0) == 1, "cannot write");
    });
  });
  rows.caught("inject-mem-task", "`/proc/PID/task/TID/mem`", {}, [] {
    return with_victim([](pid_t victim) {
      const std::string id = std::to_string(victim);
      return open_close("/proc/" + id + "/task/" + id + "/mem", O_RDWR);
    });
  });
  rows.caught("inject-mem-relative", "`mem` below the process's folder", {}, [] {
    return with_victim([](pid_t victim) {
      return open_below("/proc/" + std::to_string(victim), "mem", O_WRONLY);
    });
  });
  rows.caught("inject-traceme", "the victim asks to be traced, then registers are set", {},
              []() -> Status {
                const pid_t victim = fork();
                if (victim == 0) {
                  ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
                  raise(SIGSTOP);
                  _exit(0);
                }
                waitpid(victim, nullptr, 0);
                user_regs_struct registers{};
                ptrace(PTRACE_GETREGS, victim, nullptr, &registers);
                const long result = ptrace(PTRACE_SETREGS, victim, nullptr, &registers);
                kill(victim, SIGKILL);
                waitpid(victim, nullptr, 0);
                return check(result == 0, "cannot set registers");
              });
  rows.missed(
      "inject-pidfd", "descriptors taken with `pidfd_getfd`", {},
      [] {
        return with_victim([](pid_t victim) {
          const demo::OwnedFd process(static_cast<int>(syscall(SYS_pidfd_open, victim, 0)));
          const demo::OwnedFd taken(
              static_cast<int>(syscall(SYS_pidfd_getfd, process.get(), 0, 0)));
          return check_call(taken.get(), "pidfd_getfd");
        });
      },
      "no code is injected; service managers and container runtimes use it");
}

void add_mounts(EvasionList& rows) {
  rows.rule("System path covered by a mount");
  rows.caught("mount-relative", "relative target", {.folders = {"/etc"}}, []() -> Status {
    SAKER_RETURN_IF_ERROR(check(chdir("/etc") == 0, "cannot go there"));
    return check(mount("tmpfs", "./", "tmpfs", 0, nullptr) == 0, "cannot mount");
  });
  rows.caught("mount-bind-file", "one program, bound over another", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_self("/mnt/program"));
    return check(mount("/mnt/program", "/usr/bin/passwd", nullptr, MS_BIND, nullptr) == 0,
                 "cannot mount");
  });
  rows.missed(
      "mount-symlink", "a symbolic link as the target", {.folders = {"/etc"}},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(check(symlink("/etc", "/mnt/link") == 0, "cannot link"));
        return check(mount("tmpfs", "/mnt/link", "tmpfs", 0, nullptr) == 0, "mount");
      },
      "a name is what the call says; making the link is reported");
  rows.missed(
      "mount-move", "`open_tree` and `move_mount`", {.folders = {"/etc"}},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(demo::make_folders("/mnt/f"));
        constexpr unsigned kClone = 1;        // OPEN_TREE_CLONE
        constexpr unsigned kEmptyFrom = 0x4;  // MOVE_MOUNT_F_EMPTY_PATH
        const demo::OwnedFd tree(
            static_cast<int>(syscall(SYS_open_tree, AT_FDCWD, "/mnt/f", kClone | O_CLOEXEC)));
        return check_call(syscall(SYS_move_mount, tree.get(), "", AT_FDCWD, "/etc", kEmptyFrom),
                          "move_mount");
      },
      "Falco's catalogue has no parameters for it: the event does not name the target");
  rows.rule("Kernel hook written");
  rows.caught("hook-relative", "relative path", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(check(chdir("/proc/sys/kernel") == 0, "cannot go there"));
    return open_close("core_pattern", O_WRONLY);
  });
  rows.caught("hook-other-proc", "through another mount of proc", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(demo::make_folders("/mnt/p"));
    SAKER_RETURN_IF_ERROR(check(mount("proc", "/mnt/p", "proc", 0, nullptr) == 0, "mount"));
    return open_close("/mnt/p/sys/kernel/core_pattern", O_WRONLY);
  });
}

void add_devices(EvasionList& rows) {
  rows.rule("Raw disk or memory device opened");
  rows.caught("disk-own-node", "a device file of one's own", {}, [] {
    return check(mknod("/mnt/innocent", S_IFBLK | 0600, makedev(8, 0)) == 0, "cannot make it");
  });
  rows.missed(
      "disk-symlink", "a symbolic link that was there before",
      {.folders = {"/dev"}, .files = {"/dev/sdx"}},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(check(symlink("/dev/sdx", "/mnt/link") == 0, "cannot link"));
        return open_close("/mnt/link", O_RDONLY);
      },
      "a name is what the call says");
  rows.rule("Namespace of the host entered");
  rows.caught("nsenter-argv0", "`nsenter` with another argv[0]", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(check(symlink("/bin/true", "/mnt/nsenter") == 0, "cannot link"));
    return run({"/mnt/nsenter", "ls", "-t", "1", "-m"});
  });
  rows.missed(
      "nsenter-setns", "a program of one's own that calls `setns`, on the host", {},
      []() -> Status {
        const demo::OwnedFd space(open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC));
        SAKER_RETURN_IF_ERROR(check(unshare(CLONE_NEWUTS) == 0, "cannot make a namespace"));
        return check(setns(space.get(), 0) == 0, "cannot enter the namespace");
      },
      "on the host many tools do; in a container every setns is reported");
  rows.rule("BPF program loaded");
  rows.caught("bpf-disguise", "as a copy called `bpftool`", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_self("/mnt/bpftool"));
    return run_step_as("/mnt/bpftool", "/usr/sbin/bpftool", "load-program");
  });
}

}  // namespace

std::vector<Evasion> kernel_tricks() {
  EvasionList rows;
  add_privileges(rows);
  add_injection(rows);
  add_mounts(rows);
  add_devices(rows);
  return std::move(rows).take();
}

}  // namespace saker::evasion
