// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::testing {
namespace {

class Exit : public StateFixture {};

TEST_F(Exit, RowStaysUntilTheRulesHaveSeenTheEvent) {
  const Applied& applied = apply(EventBuilder(kProcexitV1E).tid(kShell));
  ASSERT_NE(applied.thread, nullptr);
  EXPECT_TRUE(applied.thread->is_dead);
  EXPECT_EQ(applied.thread->group->live_count, 0U);
  EXPECT_EQ(applied.thread->image->comm, "bash");
  retire();
  EXPECT_EQ(state.find_thread(kShell), nullptr);
}

TEST_F(Exit, OfAnUnknownThreadIsIgnored) {
  EXPECT_EQ(apply(EventBuilder(kProcexitV1E).tid(9000)).thread, nullptr);
  retire();
  EXPECT_EQ(state.thread_count(), 4U);
}

TEST_F(Exit, MainThreadStaysAsLongAsItsProcessLives) {
  exit(kServer);
  EXPECT_TRUE(thread(kServer).is_dead);
  EXPECT_EQ(thread(kServerThread).group->live_count, 1U);
  EXPECT_EQ(state.cwd(thread(kServerThread)), "/home/alice/");
  exit(kServerThread);
  EXPECT_EQ(state.find_thread(kServer), nullptr);
  EXPECT_EQ(state.find_thread(kServerThread), nullptr);
}

TEST_F(Exit, HandlesOfGoneThreadsAreNotMistaken) {
  const ThreadHandle old = thread(kShell).handle;
  exit(kShell);
  EXPECT_EQ(state.get(old), nullptr);
  fork(1, kShell);
  EXPECT_EQ(state.get(old), nullptr);
  EXPECT_NE(thread(kShell).handle, old);
}

struct ReaperCase {
  std::int64_t told_reaper;  // parameter of the event; 0: not told
  std::int64_t subreaper;    // a process that adopts orphans; 0: none
  std::int64_t expected_ptid;
};

class Orphans : public StateFixture, public ::testing::WithParamInterface<ReaperCase> {};

// 600 <- 610 <- 620 <- 630; 620 dies.
TEST_P(Orphans, GoToTheReaper) {
  fork(kShell, 610);
  fork(610, 620);
  fork(620, 630);
  if (GetParam().subreaper != 0) {
    apply(EventBuilder(kSyscallPrctlX)
              .tid(GetParam().subreaper)
              .with("option", 36)
              .with("arg2_int", 1));
  }
  exit(620, GetParam().told_reaper);
  EXPECT_EQ(thread(630).ptid, GetParam().expected_ptid);
}

INSTANTIATE_TEST_SUITE_P(Table, Orphans,
                         ::testing::Values(ReaperCase{0, 0, 1}, ReaperCase{610, 0, 610},
                                           ReaperCase{0, kShell, kShell}, ReaperCase{9000, 0, 1}));

TEST_F(Exit, OrphansGoToALivingThreadOfTheSameProcess) {
  fork(kServer, 610);
  exit(kServer);
  EXPECT_EQ(thread(610).ptid, kServerThread);
}

TEST_F(Exit, OrphansWithoutReaperHaveNoParent) {
  Snapshot snapshot = small_system();
  snapshot.threads.erase(snapshot.threads.begin());  // no init
  state.reset(snapshot);
  EXPECT_EQ(thread(kShell).ptid, 0);
  fork(kShell, 610);
  exit(kShell);
  EXPECT_EQ(thread(610).ptid, 0);
  EXPECT_EQ(state.parent_process(thread(610)), nullptr);
}

TEST_F(Exit, ReaperOfAnotherNamespaceIsNotTaken) {
  apply(clone_event(610, 0, kShell)
            .with("pid", 610)
            .with("vtid", 9)
            .with("vpid", 9)
            .with("flags", std::int64_t{thread_flag::kChildInPidns}));
  apply(clone_event(620, 0, 610)
            .with("pid", 620)
            .with("vtid", 10)
            .with("vpid", 10)
            .with("flags", std::int64_t{thread_flag::kChildInPidns}));
  exit(610);
  EXPECT_EQ(thread(620).ptid, 0);
}

class UnknownThreads : public StateFixture {};

TEST_F(UnknownThreads, GetARowThatKnowsOnlyTheTid) {
  const Applied& applied =
      apply(EventBuilder(kSyscallOpenX).tid(9000).with("fd", 3).with("name", "rel"));
  ASSERT_NE(applied.thread, nullptr);
  EXPECT_TRUE(applied.thread->is_invalid);
  EXPECT_EQ(applied.thread->image->comm, "<NA>");
  EXPECT_EQ(applied.thread->pid, -1);
  EXPECT_EQ(applied.thread->uid, 0xffffffff);
  EXPECT_EQ(state.main_thread(*applied.thread), nullptr);
  EXPECT_EQ(state.cwd(*applied.thread), "./");
  EXPECT_EQ(applied.fd->name, "./rel");
  EXPECT_EQ(counters.get(Counter::kThreadsUnknown), 1U);
  exit(9000);
  EXPECT_EQ(state.find_thread(9000), nullptr);
}

TEST_F(UnknownThreads, AreNotMadeForEventsThatAreNotTheirs) {
  for (const EventType type : {kSchedswitchV6E, kProcexitV1E, kProcinfoE, kPlugineventE, kDropE,
                               kUserAddedE, kAsynceventE}) {
    EXPECT_EQ(apply(EventBuilder(type).tid(9000)).thread, nullptr) << event_info(type).name;
  }
  EXPECT_EQ(state.thread_count(), 4U);
}

TEST_F(UnknownThreads, KnownThreadsAreFoundForThem) {
  EXPECT_NE(apply(EventBuilder(kProcinfoE).tid(kShell)).thread, nullptr);
}

}  // namespace
}  // namespace saker::testing
