// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A state, exported and loaded again, is the same state.
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::testing {
namespace {

class Export : public StateFixture {
protected:
  // The state that a reader of the exported one has.
  State& reloaded() {
    retire();
    copy_.reset(state.snapshot());
    return copy_;
  }
  const FdInfo* copied_fd(std::int64_t tid, std::int64_t number) {
    const Thread* thread = copy_.find_thread(tid);
    return thread == nullptr ? nullptr : copy_.fds(*thread)->find(number);
  }

private:
  Counters copy_counters_;
  State copy_{StateLimits{}, copy_counters_};
};

TEST_F(Export, KeepsThreads) {
  fork(kShell, 601);
  apply(exec_event(601, "cat"));
  apply(EventBuilder(kSyscallChdirX).tid(601).with("path", "/srv"));
  apply(EventBuilder(kSyscallSetsidX).tid(601).with("res", 601));
  State& copy = reloaded();
  EXPECT_EQ(copy.thread_count(), state.thread_count());
  for (const std::int64_t tid :
       {std::int64_t{1}, kShell, kServer, kServerThread, std::int64_t{601}}) {
    const Thread& before = thread(tid);
    const Thread* after = copy.find_thread(tid);
    ASSERT_NE(after, nullptr) << tid;
    EXPECT_EQ(after->pid, before.pid);
    EXPECT_EQ(after->ptid, before.ptid);
    EXPECT_EQ(after->sid, before.sid);
    EXPECT_EQ(after->uid, before.uid);
    EXPECT_EQ(after->flags, before.flags);
    EXPECT_EQ(after->image->cmdline, before.image->cmdline);
    EXPECT_EQ(after->image->exepath, before.image->exepath);
    EXPECT_EQ(copy.env(*after), state.env(before));
    EXPECT_EQ(copy.cwd(*after), state.cwd(before));
    EXPECT_EQ(after->cgroups->text, before.cgroups->text);
  }
  EXPECT_EQ(copy.parent_process(*copy.find_thread(601))->tid, kShell);
  EXPECT_EQ(copy.fds(*copy.find_thread(kServerThread)), copy.fds(*copy.find_thread(kServer)));
}

TEST_F(Export, KeepsFilesAndUsers) {
  apply(EventBuilder(kUserAddedE).with("uid", 1000).with("gid", 1000).with("name", "alice"));
  open(kShell, 9, "/etc/passwd");
  apply(EventBuilder(kSyscallCloseX).tid(kShell).with("res", 0).with("fd", 1));
  State& copy = reloaded();
  ASSERT_NE(copied_fd(kShell, 9), nullptr);
  EXPECT_EQ(copied_fd(kShell, 9)->name, "/etc/passwd");
  EXPECT_EQ(copied_fd(kShell, 7)->type, FdType::kDirectory);
  EXPECT_EQ(copied_fd(kShell, 1), nullptr);
  ASSERT_NE(copy.users().find_user("", 1000), nullptr);
  EXPECT_EQ(copy.users().find_user("", 1000)->name, "alice");
  EXPECT_EQ(copy.interfaces().all().size(), 2U);
}

TEST_F(Export, KeepsWhoIsTheServerOfAConnection) {
  apply(EventBuilder(kSocketSocketX).tid(kServer).with("fd", 3).with("domain", 2).with("type", 1));
  apply(EventBuilder(kSocketBindX)
            .tid(kServer)
            .with("res", 0)
            .with("fd", 3)
            .with("addr", sockaddr("10.0.0.5", 80)));
  apply(EventBuilder(kSocketAccept4V6X)
            .tid(kServer)
            .with("fd", 4)
            .with("tuple", socktuple("10.0.0.9", 5000, "10.0.0.5", 80)));
  retire();
  ASSERT_EQ(fd(kServer, 4)->role, SocketRole::kServer);
  static_cast<void>(reloaded());
  const FdInfo* copied = copied_fd(kServer, 4);
  ASSERT_NE(copied, nullptr);
  EXPECT_EQ(copied->role, SocketRole::kServer);
  EXPECT_EQ(copied->name, fd_name(kServer, 4));
  EXPECT_EQ(copied->tuple.source_port, 5000);
  EXPECT_EQ(copied_fd(kServer, 3)->type, FdType::kIpv4Server);
}

TEST_F(Export, KnowsWhichEventsLaterOnesNeed) {
  const auto is_needed = [this](EventBuilder builder) {
    const Applied& applied = apply(std::move(builder));
    return State::is_changed_by(view(), applied);
  };
  EXPECT_TRUE(is_needed(exec_event(kShell, "cat")));
  EXPECT_TRUE(is_needed(EventBuilder(kSyscallOpenX).tid(kShell).with("fd", 5).with("name", "/x")));
  EXPECT_FALSE(is_needed(EventBuilder(kSyscallReadX).tid(kShell).with("res", 1).with("fd", 5)));
  EXPECT_FALSE(is_needed(EventBuilder(kSyscallUnlinkX).tid(kShell).with("res", 0)));
  EXPECT_FALSE(is_needed(EventBuilder(kSyscallBrkV4X).tid(kShell)));
}

}  // namespace
}  // namespace saker::testing
