// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <optional>
#include <ostream>

#include "tests/unit/engine/state/state_fixture.h"

namespace saker::testing {
namespace {

class Clone : public StateFixture {
protected:
  static constexpr std::int64_t kChild = 650;
};

TEST_F(Clone, ParentsEventMakesTheChild) {
  apply(clone_event(kShell, kChild, 1).with("pid", kShell).ts(5 * kSecond));
  const Thread& child = thread(kChild);
  EXPECT_EQ(child.pid, kChild);
  EXPECT_EQ(child.ptid, kShell);
  EXPECT_EQ(child.vtid, kChild);
  EXPECT_EQ(child.clone_ts_ns, 5 * kSecond);
  EXPECT_EQ(child.sid, kShell);
  EXPECT_EQ(state.cwd(child), "/home/alice/");
  EXPECT_EQ(state.env(child), pieces({"HOME=/home/alice"}));
  EXPECT_EQ(child.image, thread(kShell).image);
  EXPECT_EQ(state.fds(child)->size(), 4U);
  EXPECT_EQ(state.parent_process(child)->tid, kShell);
}

TEST_F(Clone, ChildsEventMakesTheChild) {
  fork(kShell, kChild);
  EXPECT_EQ(thread(kChild).ptid, kShell);
  EXPECT_EQ(state.cwd(thread(kChild)), "/home/alice/");
  EXPECT_EQ(fd_name(kChild, 7), "/srv/data");
}

TEST_F(Clone, WhicheverEventComesSecondChangesNothing) {
  apply(clone_event(kShell, kChild, 1).with("pid", kShell));
  const ThreadHandle handle = thread(kChild).handle;
  fork(kShell, kChild);
  EXPECT_EQ(thread(kChild).handle, handle);

  fork(kShell, kChild + 1);
  const ThreadHandle inverted = thread(kChild + 1).handle;
  apply(clone_event(kShell, kChild + 1, 1).with("pid", kShell));
  EXPECT_EQ(thread(kChild + 1).handle, inverted);
}

TEST_F(Clone, ReplacesARowThatAMissedExitLeft) {
  apply(clone_event(kShell, kChild, 1).with("pid", kShell).ts(1 * kSecond));
  const ThreadHandle old = thread(kChild).handle;
  apply(clone_event(kShell, kChild, 1).with("pid", kShell).ts(2 * kSecond));
  EXPECT_NE(thread(kChild).handle, old);
  EXPECT_EQ(state.get(old), nullptr);
  // The child's own event replaces a row of more than two seconds that has had others.
  apply(EventBuilder(kSyscallReadX).tid(kChild).ts(3 * kSecond));
  apply(clone_event(kChild, 0, kShell).with("pid", kChild).ts(9 * kSecond));
  EXPECT_EQ(thread(kChild).clone_ts_ns, 9 * kSecond);
}

// A child that is frozen before it returns keeps what its parent had when it was made.
TEST_F(Clone, AChildThatReturnsLateIsNotMadeAgain) {
  for (const std::uint64_t ts : {9 * kSecond, 60 * kSecond, 1 * kSecond}) {
    state.reset(small_system());
    apply(clone_event(kShell, kChild, 1).with("pid", kShell).ts(5 * kSecond));
    const ThreadHandle handle = thread(kChild).handle;
    apply(EventBuilder(kSyscallChdirX).tid(kShell).with("path", "/elsewhere").ts(6 * kSecond));
    apply(clone_event(kChild, 0, kShell).with("pid", kChild).ts(ts));
    EXPECT_EQ(thread(kChild).handle, handle) << ts;
    EXPECT_EQ(state.cwd(thread(kChild)), "/home/alice/") << ts;
  }
}

TEST_F(Clone, ForkedTablesAreIndependent) {
  fork(kShell, kChild);
  open(kChild, 9, "/tmp/child");
  open(kShell, 9, "/tmp/parent");
  EXPECT_EQ(fd_name(kChild, 9), "/tmp/child");
  EXPECT_EQ(fd_name(kShell, 9), "/tmp/parent");
}

TEST_F(Clone, ThreadsShareTheProcess) {
  constexpr int kFlags =
      thread_flag::kCloneThread | thread_flag::kCloneFiles | thread_flag::kCloneFs;
  apply(clone_event(kServer, kChild, 1).with("pid", kServer).with("flags", kFlags));
  const Thread& child = thread(kChild);
  EXPECT_EQ(child.pid, kServer);
  EXPECT_EQ(child.ptid, 1);
  EXPECT_FALSE(child.is_main());
  EXPECT_EQ(child.group->live_count, 3U);
  EXPECT_EQ(state.main_thread(child)->tid, kServer);
  open(kChild, 5, "/tmp/x");
  EXPECT_EQ(fd_name(kServer, 5), "/tmp/x");
  EXPECT_EQ(fd_name(kServerThread, 5), "/tmp/x");
  apply(EventBuilder(kSyscallChdirX).tid(kChild).with("path", "/tmp"));
  EXPECT_EQ(state.cwd(thread(kServer)), "/tmp/");
}

// Who sees a file that one of two opens, by how they were made and what was done since.
struct SharingRow {
  const char* what;
  std::uint32_t flags;
  std::optional<EventBuilder> then;  // of the child
  bool is_shared;
};

void PrintTo(const SharingRow& row, std::ostream* out) {
  *out << row.what;
}

class Sharing : public StateFixture, public ::testing::WithParamInterface<SharingRow> {
protected:
  static constexpr std::int64_t kChild = 650;

  // The server's child, by the parent's event or the child's, with what happens then.
  void make_child(const SharingRow& row, bool by_parent) {
    const bool is_thread = (row.flags & thread_flag::kCloneThread) != 0;
    state.reset(small_system());
    EventBuilder clone = by_parent ? clone_event(kServer, kChild, 1).with("pid", kServer)
                                   : clone_event(kChild, 0, is_thread ? 1 : kServer)
                                         .with("pid", is_thread ? kServer : kChild);
    apply(clone.with("flags", std::int64_t{row.flags}));
    if (row.then) {
      apply(EventBuilder(*row.then).tid(kChild));
    }
  }
};

class FilesSharing : public Sharing {};

TEST_P(FilesSharing, OfProcessAndThread) {
  const SharingRow& row = GetParam();
  for (const bool by_parent : {true, false}) {
    make_child(row, by_parent);
    open(kChild, 9, "/tmp/child");
    open(kServer, 10, "/tmp/parent");
    EXPECT_EQ(fd_name(kServer, 9), row.is_shared ? "/tmp/child" : "(closed)") << by_parent;
    EXPECT_EQ(fd_name(kServerThread, 9), row.is_shared ? "/tmp/child" : "(closed)") << by_parent;
    EXPECT_EQ(fd_name(kChild, 10), row.is_shared ? "/tmp/parent" : "(closed)") << by_parent;
    EXPECT_EQ(fd_name(kServerThread, 10), "/tmp/parent") << by_parent;
    EXPECT_EQ(fd_name(kChild, 0), "/dev/null") << by_parent;
    // It is copied, not torn apart: what the one closes stays open for the other.
    apply(EventBuilder(kSyscallCloseX).tid(kServer).with("fd", 0));
    retire();
    EXPECT_EQ(fd_name(kChild, 0), row.is_shared ? "(closed)" : "/dev/null") << by_parent;
  }
}

constexpr std::uint32_t kThreadFlags = thread_flag::kCloneThread | thread_flag::kCloneFiles;

INSTANTIATE_TEST_SUITE_P(
    All, FilesSharing,
    ::testing::Values(
        SharingRow{"a process has a copy", 0, {}, false},
        SharingRow{"a process with CLONE_FILES", thread_flag::kCloneFiles, {}, true},
        SharingRow{"a thread", kThreadFlags, {}, true},
        SharingRow{"a thread without CLONE_FILES", thread_flag::kCloneThread, {}, false},
        SharingRow{"a process after unshare", thread_flag::kCloneFiles,
                   EventBuilder(kSyscallUnshareX).with("flags", 1), false},
        SharingRow{"a thread after unshare", kThreadFlags,
                   EventBuilder(kSyscallUnshareX).with("flags", 1), false},
        SharingRow{"unshare of something else", kThreadFlags,
                   EventBuilder(kSyscallUnshareX).with("flags", 4), true},
        SharingRow{"unshare that failed", kThreadFlags,
                   EventBuilder(kSyscallUnshareX).with("flags", 1).with("res", -1), true},
        SharingRow{
            "close_range that unshares", kThreadFlags,
            EventBuilder(kSyscallCloseRangeX).with("first", 500).with("last", 600).with("flags", 2),
            false},
        SharingRow{"close_range that does not", kThreadFlags,
                   EventBuilder(kSyscallCloseRangeX).with("first", 500).with("last", 600), true},
        SharingRow{"exec", thread_flag::kCloneFiles,
                   EventBuilder(kSyscallExecveV19X)
                       .with("exe", "x")
                       .with("comm", "x")
                       .with("pid", 650)
                       .with("ptid", kServer),
                   false}));

TEST_F(Clone, MainThreadsUnshareLeavesItsThreadsTogether) {
  apply(clone_event(kServer, kChild, 1)
            .with("pid", kServer)
            .with("flags", std::int64_t{kThreadFlags}));
  apply(EventBuilder(kSyscallUnshareX).tid(kServer).with("flags", 1));
  open(kChild, 9, "/tmp/thread");
  open(kServer, 10, "/tmp/main");
  EXPECT_EQ(fd_name(kServerThread, 9), "/tmp/thread");
  EXPECT_EQ(fd_name(kServer, 9), "(closed)");
  EXPECT_EQ(fd_name(kServerThread, 10), "(closed)");
}

// The same of folders.
class FoldersSharing : public Sharing {};

TEST_P(FoldersSharing, OfProcessAndThread) {
  const SharingRow& row = GetParam();
  for (const bool by_parent : {true, false}) {
    make_child(row, by_parent);
    const std::uint64_t epoch = state.facts_epoch();
    const std::uint64_t version = thread(kServer).facts_version;
    apply(EventBuilder(kSyscallChdirX).tid(kChild).with("path", "/child"));
    EXPECT_EQ(state.cwd(thread(kChild)), "/child/") << by_parent;
    EXPECT_EQ(state.cwd(thread(kServer)), row.is_shared ? "/child/" : "/home/alice/") << by_parent;
    EXPECT_EQ(state.cwd(thread(kServerThread)), state.cwd(thread(kServer))) << by_parent;
    if (row.is_shared) {  // what is cached of the other is void
      EXPECT_TRUE(state.facts_epoch() != epoch || thread(kServer).facts_version != version);
    }
    apply(EventBuilder(kSyscallChrootX).tid(kServer).with("path", "/jail"));
    EXPECT_EQ(thread(kChild).folders->root, row.is_shared ? "/jail" : "/") << by_parent;
  }
}

constexpr std::uint32_t kFolderThread = thread_flag::kCloneThread | thread_flag::kCloneFs;

INSTANTIATE_TEST_SUITE_P(
    All, FoldersSharing,
    ::testing::Values(SharingRow{"a process has a copy", 0, {}, false},
                      SharingRow{"a process with CLONE_FS", thread_flag::kCloneFs, {}, true},
                      SharingRow{"a thread", kFolderThread, {}, true},
                      SharingRow{"a thread without CLONE_FS", thread_flag::kCloneThread, {}, false},
                      SharingRow{"unshare of files", kFolderThread,
                                 EventBuilder(kSyscallUnshareX).with("flags", 1), true},
                      SharingRow{"unshare that failed", kFolderThread,
                                 EventBuilder(kSyscallUnshareX).with("flags", 2).with("res", -1),
                                 true},
                      SharingRow{"a thread after unshare", kFolderThread,
                                 EventBuilder(kSyscallUnshareX).with("flags", 2), false},
                      SharingRow{"a mount namespace", kFolderThread,
                                 EventBuilder(kSyscallUnshareX).with("flags", 1 << 5), false},
                      SharingRow{"a process after unshare", thread_flag::kCloneFs,
                                 EventBuilder(kSyscallUnshareX).with("flags", 2), false},
                      SharingRow{"exec", thread_flag::kCloneFs,
                                 EventBuilder(kSyscallExecveV19X)
                                     .with("exe", "x")
                                     .with("comm", "x")
                                     .with("pid", 650)
                                     .with("ptid", kServer),
                                 true}));

// A program can change the flags of its clone3 before Falco's programs read them.
TEST_F(Clone, AThreadThatItsEventCallsAProcessSharesItsProcess) {
  apply(clone_event(kChild, 0, kShell)
            .with("pid", kServer)
            .with("flags", std::int64_t{thread_flag::kCloneFiles | thread_flag::kCloneFs}));
  open(kServer, 9, "/tmp/server");
  open(kShell, 9, "/tmp/shell");
  EXPECT_EQ(fd_name(kChild, 9), "/tmp/server");
  apply(EventBuilder(kSyscallChdirX).tid(kServer).with("path", "/server"));
  EXPECT_EQ(state.cwd(thread(kChild)), "/server/");
  EXPECT_EQ(state.cwd(thread(kShell)), "/home/alice/");
}

// A number that is used again shows that everything of its old process is gone.
TEST_F(Clone, AReusedPidReplacesTheWholeProcess) {
  for (const bool by_parent : {true, false}) {
    state.reset(small_system());
    apply((by_parent ? clone_event(kShell, kServer, 1).with("pid", kShell)
                     : clone_event(kServer, 0, kShell).with("pid", kServer))
              .ts(100 * kSecond));
    EXPECT_EQ(state.find_thread(kServerThread), nullptr);
    EXPECT_EQ(state.thread_count(), 3U);
    EXPECT_EQ(thread(kServer).group->live_count, 1U);
    EXPECT_EQ(thread(kServer).ptid, kShell);
    apply(EventBuilder(kSyscallChdirX).tid(kServer).with("path", "/new"));
    EXPECT_EQ(state.cwd(thread(kServer)), "/new/");
    exit(kServer);
    EXPECT_EQ(state.find_thread(kServer), nullptr);
    EXPECT_EQ(state.thread_count(), 2U);
  }
}

TEST_F(Clone, AParentThatGoesWithTheReusedRowIsMadeAgain) {
  exit(kServer);
  EXPECT_TRUE(thread(kServer).is_dead);
  apply(clone_event(kServer, kServerThread, 1).with("pid", kServer).ts(9 * kSecond));
  EXPECT_FALSE(thread(kServer).is_dead);
  EXPECT_EQ(thread(kServerThread).pid, kServerThread);
  EXPECT_EQ(thread(kServerThread).ptid, kServer);
  EXPECT_EQ(state.thread_count(), 4U);
}

TEST_F(Clone, TakesNamesFromTheEvent) {
  apply(clone_event(kShell, kChild, 1).with("comm", "renamed").with("pid", kShell));
  EXPECT_EQ(thread(kChild).image->comm, "renamed");
  EXPECT_EQ(thread(kChild).image->exepath, "/usr/bin/bash");
  EXPECT_NE(thread(kChild).image->id, thread(kShell).image->id);
}

TEST_F(Clone, ParentsEventDoesNotKnowIdsInsideNamespaces) {
  for (const std::uint32_t flag : {thread_flag::kChildInPidns, thread_flag::kCloneNewpid,
                                   thread_flag::kCloneParent, thread_flag::kCloneVfork}) {
    apply(clone_event(kShell, kChild, 1).with("pid", kShell).with("flags", std::int64_t{flag}));
    EXPECT_EQ(state.find_thread(kChild), nullptr) << flag;
  }
  apply(clone_event(kChild, 0, kShell)
            .with("pid", kChild)
            .with("flags", std::int64_t{thread_flag::kChildInPidns})
            .with("vtid", 1)
            .with("vpid", 1)
            .with("pidns_init_start_ts", 77));
  EXPECT_EQ(thread(kChild).vpid, 1);
  EXPECT_EQ(thread(kChild).pidns_init_start_ts_ns, 77U);
  EXPECT_TRUE(thread(kChild).group->is_reaper);
}

TEST_F(Clone, FailureChangesNothing) {
  apply(clone_event(kShell, -12, 1).with("pid", kShell));
  EXPECT_EQ(state.thread_count(), 4U);
}

TEST_F(Clone, CompletesAnUnknownParent) {
  apply(clone_event(9000, kChild, 1).with("pid", 9000).with("comm", "late"));
  const Thread& parent = thread(9000);
  EXPECT_FALSE(parent.is_invalid);
  EXPECT_EQ(parent.pid, 9000);
  EXPECT_EQ(parent.image->comm, "late");
  EXPECT_EQ(thread(kChild).ptid, 9000);
  // Nothing is known of what the child inherits.
  EXPECT_EQ(state.fds(thread(kChild))->size(), 0U);
  EXPECT_EQ(thread(kChild).sid, -1);
}

TEST_F(Clone, ChildOfAnUnknownParentHasNone) {
  fork(9000, kChild);
  EXPECT_EQ(thread(kChild).ptid, 0);
  EXPECT_EQ(state.parent_process(thread(kChild)), nullptr);
}

TEST_F(Clone, ChildOfASecondaryThreadHasNoEnvironment) {
  constexpr int kFlags = thread_flag::kCloneThread | thread_flag::kCloneFiles;
  apply(clone_event(kServer, 800, 1).with("pid", kServer).with("flags", kFlags));
  apply(clone_event(800, kChild, 1).with("pid", kServer));
  EXPECT_EQ(state.env(thread(kChild)), "");
  EXPECT_EQ(state.env(thread(800)), pieces({"HOME=/home/alice"}));
}

class Exec : public StateFixture {};

TEST_F(Exec, MakesANewImage) {
  const Ref<ExecImage> before = thread(kShell).image;
  apply(exec_event(kShell, "cat")
            .with("args", pieces({"-n", "", "/etc/shadow"}))
            .with("trusted_exepath", "/usr/bin/cat")
            .with("flags", 0b1011)
            .with("exe_ino", 42)
            .with("tty", 34816)
            .with("uid", 7)
            .with("gid", 8)
            .with("cap_effective", 3)
            .ts(9 * kSecond));
  const Thread& after = thread(kShell);
  EXPECT_NE(after.image->id, before->id);
  EXPECT_EQ(before->comm, "bash");
  EXPECT_EQ(after.image->comm, "cat");
  EXPECT_EQ(after.image->cmdline, "cat -n  /etc/shadow");
  EXPECT_EQ(after.image->cmdline.substr(after.image->args_offset), "-n  /etc/shadow");
  EXPECT_EQ(after.image->exepath, "/usr/bin/cat");
  EXPECT_TRUE(after.image->is_writable);
  EXPECT_TRUE(after.image->is_upper_layer);
  EXPECT_FALSE(after.image->is_from_memfd);
  EXPECT_TRUE(after.image->is_lower_layer);
  EXPECT_EQ(after.image->ino, 42U);
  EXPECT_EQ(after.tty, 34816U);
  EXPECT_EQ(after.uid, 7U);
  EXPECT_EQ(after.gid, 8U);
  EXPECT_EQ(after.cap_effective, 3U);
  EXPECT_EQ(after.exec_ts_ns, 9 * kSecond);
  EXPECT_EQ(state.env(after), pieces({"A=1"}));
  EXPECT_EQ(state.cwd(after), "/home/alice/");
}

TEST_F(Exec, FailureChangesNothing) {
  apply(exec_event(kShell, "cat").with("res", -2));
  EXPECT_EQ(thread(kShell).image->comm, "bash");
}

TEST_F(Exec, DoesNotTouchForkedProcesses) {
  fork(kShell, 650);
  apply(exec_event(650, "ls"));
  EXPECT_EQ(thread(kShell).image->comm, "bash");
  EXPECT_EQ(state.parent_process(thread(650))->image->comm, "bash");
}

TEST_F(Exec, ClosesWhatIsMarkedSo) {
  open(kShell, 10, "/tmp/keep");
  open(kShell, 11, "/tmp/close", 1 | 4096);
  apply(EventBuilder(kSyscallFcntlX).tid(kShell).with("fd", 10).with("res", 12).with("cmd", 26));
  apply(EventBuilder(kSyscallFcntlX).tid(kShell).with("fd", 11).with("res", 13).with("cmd", 1));
  apply(EventBuilder(kSyscallFcntlX).tid(kShell).with("fd", 0).with("cmd", 3).with("arg", 1));
  apply(
      EventBuilder(kSyscallPipe2X).tid(kShell).with("fd1", 20).with("fd2", 21).with("flags", 4096));
  apply(exec_event(kShell, "cat"));
  EXPECT_EQ(fd_name(kShell, 10), "/tmp/keep");
  EXPECT_EQ(fd_name(kShell, 13), "/tmp/close");  // a plain duplicate stays
  for (const std::int64_t gone : {0, 11, 12, 20, 21}) {
    EXPECT_EQ(fd(kShell, gone), nullptr) << gone;
  }
}

TEST_F(Exec, EndsTheOtherThreads) {
  apply(exec_event(kServer, "new").with("pid", kServer));
  EXPECT_EQ(state.find_thread(kServerThread), nullptr);
  EXPECT_EQ(thread(kServer).group->live_count, 1U);
}

TEST_F(Exec, OfAThreadRevivesTheDeadMainThread) {
  exit(kServer);
  EXPECT_TRUE(thread(kServer).is_dead);
  apply(exec_event(kServer, "new").with("pid", kServer));
  EXPECT_FALSE(thread(kServer).is_dead);
  EXPECT_EQ(thread(kServer).group->live_count, 1U);
  EXPECT_EQ(state.find_thread(kServerThread), nullptr);
}

TEST_F(Exec, CompletesAnUnknownThread) {
  apply(exec_event(9000, "late").with("ptid", kShell));
  EXPECT_FALSE(thread(9000).is_invalid);
  EXPECT_EQ(thread(9000).vpid, 9000);
  EXPECT_EQ(state.parent_process(thread(9000))->tid, kShell);
}

TEST_F(Exec, FindsTheContainer) {
  const std::string id = "3f1c0d9a7b5e4826a1d3c9f08e7b6a5d4c3b2a190817263544f5e6d7c8b9a0f1";
  apply(exec_event(kShell, "sh").with("cgroups", pieces({"mem_cgroup=/docker/" + id, "io=/"})));
  EXPECT_EQ(thread(kShell).cgroups->container_id, id);
  EXPECT_EQ(thread(kShell).cgroups->container_type, "docker");
  EXPECT_EQ(thread(kShell).cgroups->text, pieces({"memory=/docker/" + id, "blkio=/"}));
  const std::uint64_t set = thread(kShell).cgroups->id;
  fork(kShell, 650);
  EXPECT_NE(thread(650).cgroups->id, set);  // the event says otherwise
}

}  // namespace
}  // namespace saker::testing
