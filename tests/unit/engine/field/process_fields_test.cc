// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/unit/engine/field/field_fixture.h"

namespace saker::testing {
namespace {

constexpr std::int64_t kChild = 800;

// A child of the shell that has run `ls -l "a b"`.
class ProcessFields : public FieldFixture {
protected:
  ProcessFields() {
    fork(kShell, kChild);
    apply(exec_event(kChild, "ls")
              .ts(5 * kSecond)
              .with("ptid", kShell)
              .with("exe", "/bin/ls")
              .with("args", pieces({"-l", "a b"}))
              .with("env", pieces({"PATH=/bin", "EMPTY=", "SPACED=  x "}))
              .with("trusted_exepath", "/usr/bin/ls")
              .with("cgroups", pieces({"cpuset=/a", "memory=/b=c"}))
              .with("tty", 34816)
              .with("vpgid", kShell)
              .with("pgid", kShell)
              .with("flags", 1)
              .with("exe_ino", 77)
              .with("cap_effective", (1 << 21) | 1)
              .with("uid", 0));
    show(EventBuilder(kSyscallCloseX).tid(kChild).ts(8 * kSecond).with("fd", 0));
  }
};

TEST_F(ProcessFields, ShowWhatRuns) {
  expect({{"proc.name", "ls"},
          {"proc.exe", "/bin/ls"},
          {"proc.exepath", "/usr/bin/ls"},
          {"proc.args", "-l a b"},
          {"proc.args[0]", "-l"},
          {"proc.args[1]", "a b"},
          {"proc.args[2]", ""},
          {"proc.cmdline", "ls -l a b"},
          {"proc.exeline", "/bin/ls -l a b"},
          {"proc.cmdnargs", "2"},
          {"proc.cmdlenargs", "5"},
          {"proc.env", "PATH=/bin EMPTY= SPACED=  x "},
          {"proc.env[PATH]", "/bin"},
          {"proc.env[EMPTY]", ""},
          {"proc.env[SPACED]", "x"},
          {"proc.env[PAT]", ""},
          {"proc.cwd", "/home/alice/"},
          {"proc.tty", "34816"},
          {"proc.is_exe_writable", "true"},
          {"proc.is_exe_from_memfd", "false"},
          {"proc.exe_ino", "77"},
          {"proc.exe_ino.ctime", "<NA>"}});
}

TEST_F(ProcessFields, ShowNumbersAndTimes) {
  expect({{"proc.pid", "800"},
          {"proc.vpid", "800"},
          {"thread.tid", "800"},
          {"thread.ismain", "true"},
          {"thread.nametid", "ls800"},
          {"proc.nthreads", "1"},
          {"proc.nchilds", "0"},
          {"proc.fdopencount", "4"},
          {"proc.pid.ts", "1000000000"},
          {"proc.duration", "7000000000"},
          {"proc.ppid.ts", "0"},
          // The parent is older than the events: the number of open fds.
          {"proc.ppid.duration", "4"},
          {"proc.stdin.name", "/dev/null"},
          {"proc.stdin.type", "file"},
          {"proc.stderr.type", "file"}});
}

TEST_F(ProcessFields, ShowTheThread) {
  expect({{"thread.cap_effective", "CAP_CHOWN CAP_SYS_ADMIN"},
          {"thread.cap_permitted", ""},
          {"thread.cgroups", "cpuset=/a memory=/b=c"},
          {"thread.cgroup.memory", "/b=c"},
          {"thread.cgroup.blkio", "<NA>"},
          {"thread.exectime", "0"},
          {"thread.cpu", "<NA>"}});
}

TEST_F(ProcessFields, ShowAncestors) {
  expect({{"proc.pname", "bash"},
          {"proc.ppid", "600"},
          {"proc.pexe", "bash"},
          {"proc.pexepath", "/usr/bin/bash"},
          {"proc.pcmdline", "bash"},
          {"proc.pvpid", "600"},
          {"proc.aname[0]", "ls"},
          {"proc.aname[1]", "bash"},
          {"proc.aname[2]", "init"},
          {"proc.aname[3]", "<NA>"},
          {"proc.aname", "bash init"},
          {"proc.aexepath", "/usr/bin/bash /usr/bin/init"},
          {"proc.acmdline[0]", "ls -l a b"},
          {"proc.aargs[0]", "-l a b"},
          {"proc.aargs[1]", ""},
          {"proc.apid", "800"},
          {"proc.apid[2]", "1"},
          {"proc.aenv[HOME]", "/home/alice"},
          {"proc.aenv[1]", "HOME=/home/alice"},
          {"proc.loginshellid", "600"}});
  expect_candidates({{"proc.aname", "(bash,init)"},
                     {"proc.apid", "(600,1)"},
                     {"proc.aenv", "(HOME=/home/alice,HOME=/home/alice)"},
                     {"proc.aenv[1]", "(HOME=/home/alice,HOME=/home/alice)"},
                     {"proc.aname[1]", "bash"}});
}

TEST_F(ProcessFields, ShowLeaders) {
  // A fork inherits session and group of the shell.
  expect({{"proc.sid", "600"},
          {"proc.sname", "bash"},
          {"proc.sid.exepath", "/usr/bin/bash"},
          {"proc.pgid.name", "bash"},
          {"proc.is_sid_leader", "false"}});
  show(EventBuilder(kSyscallCloseX).tid(kShell).with("fd", 0));
  expect({{"proc.is_sid_leader", "true"},
          {"proc.is_pgid_leader", "true"},
          {"proc.is_vpgid_leader", "true"},
          {"proc.vpgid.name", "bash"},
          {"proc.loginshellid", "600"}});
}

TEST_F(ProcessFields, AreMissingForInvalidThreadsOnlyWhereNothingIsKnown) {
  show(EventBuilder(kSyscallCloseX).tid(4711).with("fd", 0));
  expect({{"proc.name", "<NA>"},
          {"proc.vpid", "<NA>"},
          {"thread.vtid", "<NA>"},
          {"thread.tid", "4711"},
          {"thread.cgroups", "<NA>"},
          {"proc.aname", "<NA>"},
          {"user.uid", "4294967295"},
          {"user.loginuid", "-1"}});
}

TEST_F(ProcessFields, UsersAndGroups) {
  Snapshot snapshot = small_system();
  snapshot.users = {{.uid = 1000,
                     .gid = 1000,
                     .name = "alice",
                     .home = "/home/alice",
                     .shell = "/bin/sh",
                     .container_id = ""}};
  snapshot.groups = {{.gid = 1000, .name = "staff", .container_id = ""}};
  snapshot.threads[1].loginuid = 1000;
  snapshot.threads[2].uid = snapshot.threads[2].gid = 0;
  snapshot.threads[0].uid = 5;
  retire();
  state.reset(snapshot);
  show(EventBuilder(kSyscallCloseX).tid(kShell).with("fd", 0));
  expect({{"user.uid", "1000"},
          {"user.name", "alice"},
          {"user.homedir", "/home/alice"},
          {"user.shell", "/bin/sh"},
          {"user.loginuid", "1000"},
          {"user.loginname", "alice"},
          {"group.gid", "1000"},
          {"group.name", "staff"}});
  show(EventBuilder(kSyscallCloseX).tid(kServer).with("fd", 0));
  expect({{"user.name", "root"},
          {"user.homedir", "/root"},
          {"user.shell", "<NA>"},
          {"user.loginname", "<NA>"},
          {"group.name", "root"}});
  show(EventBuilder(kSyscallCloseX).tid(1).with("fd", 0));
  expect({{"user.name", "<NA>"}});
}

TEST_F(ProcessFields, ThreadsShareTheirProcess) {
  show(EventBuilder(kSyscallCloseX).tid(kServerThread).with("fd", 0));
  expect({{"proc.pid", "700"},
          {"thread.tid", "701"},
          {"thread.ismain", "false"},
          {"proc.nthreads", "2"},
          {"proc.nchilds", "1"},
          {"proc.cwd", "/home/alice/"},
          {"proc.stdin.name", "/dev/null"},
          {"proc.stdout.name", "<NA>"},
          {"thread.vmsize", "0"}});
}

}  // namespace
}  // namespace saker::testing
