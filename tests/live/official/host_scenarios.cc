// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Official rules about files, programs and privileges of the host.
#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "app/demo/actions.h"
#include "tests/live/official/official_scenarios.h"
#include "tests/live/official/roles.h"
#include "tests/live/official/scenario_list.h"

namespace saker::official {

namespace {

using demo::failed;
using demo::OwnedFd;
using demo::read_file;
using demo::run_program;
using demo::run_true_as;
using demo::Scenario;
using demo::write_file;

Status open_and_close(const char* path, int flags, mode_t mode = 0600) {
  const OwnedFd file(open(path, flags | O_CLOEXEC, mode));
  return file.get() >= 0 ? Status{} : failed("cannot open " + std::string(path));
}

Status check(int result, const char* what) {
  return result == 0 ? Status{} : failed(what);
}

Status run_from_memory() {
  const OwnedFd memory(memfd_create("payload", MFD_CLOEXEC));
  const OwnedFd program(open("/bin/true", O_RDONLY | O_CLOEXEC));
  struct stat facts = {};
  if (memory.get() < 0 || fstat(program.get(), &facts) != 0 ||
      sendfile(memory.get(), program.get(), nullptr, static_cast<std::size_t>(facts.st_size)) !=
          facts.st_size) {
    return failed("cannot fill the memory file");
  }
  return run_program("/proc/self/fd/" + std::to_string(memory.get()), {"payload"});
}

Status run_from_shared_memory() {
  SAKER_RETURN_IF_ERROR(demo::copy_program("/bin/true", "/dev/shm/downloaded"));
  return run_program("/dev/shm/downloaded", {"/dev/shm/downloaded"});
}

Status attach_to_child() {
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  const bool is_attached = ptrace(PTRACE_ATTACH, child, nullptr, nullptr) == 0;
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return is_attached ? Status{} : failed("cannot attach");
}

Status be_traced() {
  return in_child([] {
    return check(static_cast<int>(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)), "cannot be traced");
  });
}

Status set_uid_as_nobody() {
  SAKER_RETURN_IF_ERROR(demo::become_nobody());
  return setuid(1) != 0 ? Status{} : failed("setuid was not refused");
}

Status handle_faults_as_nobody() {
  constexpr unsigned long kUserModeOnly = 1;  // UFFD_USER_MODE_ONLY
  SAKER_RETURN_IF_ERROR(demo::become_nobody());
  const OwnedFd faults(static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | kUserModeOnly)));
  return {};  // where it is refused, the attempt counts
}

Status load_nothing() {
  bpf_attr attributes = {};
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  static_cast<void>(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes)));  // refused
  return {};
}

Status change_namespace() {
  const OwnedFd own(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  return check(setns(own.get(), 0), "cannot enter our own namespace");
}

Status whoami_at_terminal() {
  return with_terminal([] { static_cast<void>(execl("/mnt/whoami", "whoami", nullptr)); });
}

}  // namespace

std::vector<Scenario> host_scenarios() {
  ScenarioList rows;
  rows.add("traversal", "Directory traversal monitored file read", {}, {},
           [] { return read_file("/etc/../etc/../etc/hostname"); });
  rows.add("late-read", "Read sensitive file trusted after startup", {"/etc"}, {"/etc/shadow"},
           [] { return run_self_as("nginx", "late-read"); });
  rows.add("read-shadow", "Read sensitive file untrusted", {"/etc"}, {"/etc/shadow"},
           [] { return read_file("/etc/shadow"); });
  rows.add("server-shell", "Run shell untrusted", {}, {},
           [] { return run_below("httpd", "/bin/sh -c :"); });
  rows.add("system-user", "System user interactive", {}, {},
           [] { return run_self_as("sshd", "login-as-nobody"); });
  rows.add("find-keys", "Search Private Keys or Passwords", {}, {}, [] {
    return run_true_as("find", {"/mnt", "-name", "id_rsa"});
  });
  rows.add("clear-log", "Clear Log Activities", {"/var/log"}, {"/var/log/syslog"},
           [] { return open_and_close("/var/log/syslog", O_WRONLY | O_TRUNC); });
  rows.add("shred", "Remove Bulk Data from Disk", {}, {},
           [] { return run_true_as("shred", {"/mnt/nothing"}); });
  rows.add("symlink", "Create Symlink Over Sensitive Files", {}, {},
           [] { return check(symlink("/etc/shadow", "/mnt/link"), "cannot link"); });
  rows.add("hardlink", "Create Hardlink Over Sensitive Files", {"/etc"}, {"/etc/shadow"},
           [] { return check(link("/etc/shadow", "/etc/link"), "cannot link"); });
  rows.add("attach", "PTRACE attached to process", {}, {}, attach_to_child);
  rows.add("traced", "PTRACE anti-debug attempt", {}, {}, be_traced);
  rows.add("find-aws", "Find AWS Credentials", {}, {},
           [] { return run_true_as("find", {"/mnt/.aws/credentials"}); });
  rows.add("shm", "Execution from /dev/shm", {"/dev/shm"}, {}, run_from_shared_memory);
  rows.add("memfd", "Fileless execution via memfd_create", {}, {}, run_from_memory);
  rows.add("shell-config", "Modify Shell Configuration File", {"/root"}, {},
           [] { return write_file("/root/.bashrc"); });
  rows.add("cron", "Schedule Cron Jobs", {}, {}, [] { return run_true_as("crontab", {"-l"}); });
  rows.add("read-ssh", "Read ssh information", {"/root"}, {"/root/.ssh/id_rsa"},
           [] { return read_file("/root/.ssh/id_rsa"); });
  rows.add("db-child", "DB program spawned process", {}, {},
           [] { return run_below("mysqld", "/bin/true"); });
  rows.add("setns", "Change thread namespace", {}, {}, change_namespace);
  rows.add("proxy", "Program run with disallowed http proxy env", {}, {}, [] {
    if (symlink("/bin/true", "/mnt/wget") != 0) {
      return Status(failed("cannot link"));
    }
    return run_program("/mnt/wget", {"wget"}, {"HTTP_PROXY=http://192.0.2.1:80"});
  });
  rows.add("setuid", "Non sudo setuid", {}, {}, set_uid_as_nobody);
  rows.add("useradd", "User mgmt binaries", {}, {},
           [] { return run_true_as("useradd", {"intruder"}); });
  rows.add("dev-file", "Create files below dev", {"/dev"}, {},
           [] { return write_file("/dev/hidden"); });
  rows.add("host-nmap", "Launch Suspicious Network Tool on Host", {}, {},
           [] { return run_true_as("nmap", {"-v"}); });
  rows.add("history", "Delete or rename shell history", {"/root"}, {"/root/.bash_history"},
           [] { return check(unlink("/root/.bash_history"), "cannot delete"); });
  rows.add("setuid-bit", "Set Setuid or Setgid bit", {}, {"/mnt/program"},
           [] { return check(chmod("/mnt/program", 04755), "cannot chmod"); });
  rows.add("authorized-keys", "Adding ssh keys to authorized_keys", {"/root"}, {"/root/.ssh/known"},
           [] { return write_file("/root/.ssh/authorized_keys"); });
  rows.add(
      "tunables", "Potential Local Privilege Escalation via Environment Variables Misuse", {}, {},
      [] { return run_program("/bin/true", {"true"}, {"GLIBC_TUNABLES=glibc.malloc.check=0"}); });
  rows.add("liblzma", "Backdoored library loaded into SSHD (CVE-2024-3094)", {},
           {"/mnt/liblzma.so.5.6.0"}, [] { return run_self_as("sshd", "read-liblzma"); });
  rows.add("bpf", "BPF Program Not Profiled", {}, {}, load_nothing);
  rows.add("read-config", "Read Shell Configuration File", {"/root"}, {"/root/.bashrc"},
           [] { return read_file("/root/.bashrc"); });
  rows.add("repository", "Update Package Repository", {"/etc"}, {},
           [] { return write_file("/etc/apt/sources.list.d/new.list"); });
  rows.add("write-bin", "Write below binary dir", {"/usr/sbin"}, {},
           [] { return write_file("/usr/sbin/program"); });
  rows.add("write-monitored", "Write below monitored dir", {"/usr/local/bin"}, {},
           [] { return write_file("/usr/local/bin/program"); });
  rows.add("write-etc", "Write below etc", {"/etc"}, {}, [] { return write_file("/etc/setting"); });
  rows.add("write-root", "Write below root", {"/root"}, {},
           [] { return write_file("/root/file"); });
  rows.add("rpm", "Write below rpm database", {"/var/lib"}, {},
           [] { return write_file("/var/lib/rpm/Packages"); });
  rows.add("rename-bin", "Modify binary dirs", {"/usr/sbin"}, {"/usr/sbin/program"},
           [] { return check(rename("/usr/sbin/program", "/usr/sbin/other"), "cannot rename"); });
  rows.add("mkdir-bin", "Mkdir binary dirs", {"/usr/sbin"}, {},
           [] { return check(mkdir("/usr/sbin/folder", 0755), "cannot make a folder"); });
  rows.add("hidden", "Create Hidden Files or Directories", {}, {},
           [] { return check(mkdir("/mnt/.hidden", 0755), "cannot make a folder"); });
  rows.add("stratum", "Detect crypto miners using the Stratum protocol", {}, {}, [] {
    return run_true_as("worker", {"-o", "stratum+tcp://pool.invalid:3333"});
  });
  rows.add("sudo", "Sudo Potential Privilege Escalation", {}, {}, [] {
    return run_true_as("sudoedit", {"-s", "\\"});
  });
  rows.add("userfaultfd", "Unprivileged Delegation of Page Faults Handling to a Userspace Process",
           {}, {}, handle_faults_as_nobody);
  rows.add("pkexec", "Polkit Local Privilege Escalation Vulnerability (CVE-2021-4034)", {}, {},
           [] { return run_true_as("pkexec", {}); });
  rows.add("recon", "Basic Interactive Reconnaissance", {}, {}, [] {
    if (symlink("/bin/true", "/mnt/whoami") != 0) {
      return Status(failed("cannot link"));
    }
    return whoami_at_terminal();
  });
  rows.add("netcat", "Netcat/Socat Remote Code Execution on Host", {}, {}, [] {
    return run_true_as("nc", {"-e", "/bin/sh"});
  });
  rows.add("miner", "Known Cryptominer Process Executed", {}, {},
           [] { return run_true_as("xmrig", {"--version"}); });
  rows.add("web-shell", "Web Server Spawned Shell", {}, {},
           [] { return run_below("nginx", "/bin/sh -c :"); });
  rows.add("web-child", "Web Server Spawned Suspicious Child Process", {}, {},
           [] { return run_below("nginx", "/usr/bin/id"); });
  rows.add("web-reverse", "Reverse Shell from Web Server", {}, {},
           [] { return run_below("nginx", "/bin/sh -c ': bash -i'"); });
  return std::move(rows).take();
}

}  // namespace saker::official
