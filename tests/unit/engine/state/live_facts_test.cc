// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a FactSource, that is /proc, adds to the events.
#include <map>

#include "tests/unit/engine/state/state_fixture.h"

namespace saker::testing {
namespace {

class FakeFacts : public FactSource {
public:
  bool find_thread(std::int64_t tid, ThreadSnapshot& thread, FdListSnapshot& fds) override {
    ++questions;
    const auto found = threads.find(tid);
    if (found == threads.end()) {
      return false;
    }
    thread = found->second;
    fds.fds = {fd_snapshot(0, FdType::kFile, "/dev/null")};
    return true;
  }
  bool is_alive(std::int64_t, std::int64_t tid, std::uint64_t seen_ts_ns) override {
    const auto found = threads.find(tid);
    return found != threads.end() && found->second.clone_ts_ns <= seen_ts_ns;
  }

  std::map<std::int64_t, ThreadSnapshot> threads;
  int questions = 0;
};

class LiveFacts : public ::testing::Test {
protected:
  LiveFacts() { state.reset(small_system()); }

  const Applied& apply(EventBuilder builder) {
    builder_.emplace(std::move(builder));
    view_ = builder_->view();
    const Applied& applied = state.apply(view_);
    return applied;
  }
  void read(std::int64_t tid, std::uint64_t ts_ns) {
    apply(EventBuilder(kSyscallReadX).tid(tid).ts(ts_ns));
  }

  Counters counters;
  FakeFacts facts;
  State state{StateLimits{}, counters, &facts};

private:
  std::optional<EventBuilder> builder_;
  EventView view_;
};

TEST_F(LiveFacts, AreAskedForUnknownThreads) {
  facts.threads[9000] = thread_snapshot(9000, 9000, kShell, "late");
  const Applied& applied = apply(EventBuilder(kSyscallReadX).tid(9000).with("fd", 0));
  EXPECT_EQ(applied.thread->image->comm, "late");
  EXPECT_EQ(applied.fd->name, "/dev/null");
  EXPECT_EQ(state.parent_process(*applied.thread)->tid, kShell);
  apply(EventBuilder(kSyscallReadX).tid(9000));
  EXPECT_EQ(facts.questions, 1);
}

TEST_F(LiveFacts, AreAskedOnceForAThreadThatIsGone) {
  EXPECT_TRUE(apply(EventBuilder(kSyscallReadX).tid(9000)).thread->is_invalid);
  EXPECT_FALSE(apply(EventBuilder(kSchedswitchV6E).tid(9001)).thread != nullptr);
}

TEST_F(LiveFacts, StaleThreadsArePurged) {
  facts.threads[kShell] = {};
  facts.threads[1] = {};
  read(kShell, 1 * kSecond);
  read(9000, 2 * kSecond);  // stays unknown
  read(kShell, 300 * kSecond);
  EXPECT_NE(state.find_thread(9000), nullptr);
  read(kShell, 301 * kSecond);
  EXPECT_EQ(state.find_thread(9000), nullptr);
  EXPECT_EQ(state.find_thread(kServer), nullptr);  // quiet and gone
  EXPECT_NE(state.find_thread(1), nullptr);        // quiet but alive
  EXPECT_NE(state.find_thread(kShell), nullptr);
  EXPECT_EQ(counters.get(Counter::kThreadsPurged), 3U);
}

// A process may call itself anything; what counts is that it began before it was last seen.
TEST_F(LiveFacts, QuietThreadsAreKnownByTheirStart) {
  facts.threads[kShell] = thread_snapshot(kShell, kShell, 1, "renamed");
  facts.threads[kServer] = thread_snapshot(kServer, kServer, 1, "server");
  facts.threads[kServer].clone_ts_ns = 100 * kSecond;  // the number was given again
  read(kShell, 1 * kSecond);
  read(kServer, 2 * kSecond);
  read(1, 400 * kSecond);
  EXPECT_NE(state.find_thread(kShell), nullptr);
  EXPECT_EQ(state.find_thread(kServer), nullptr);
}

TEST_F(LiveFacts, BootTimeMakesNamespaceTimesAbsolute) {
  Snapshot snapshot = small_system();
  snapshot.machine.boot_ts_ns = 1000;
  state.reset(snapshot);
  apply(EventBuilder(kSyscallCloneV20X)
            .tid(650)
            .with("pid", 650)
            .with("ptid", kShell)
            .with("vtid", 1)
            .with("vpid", 1)
            .with("pidns_init_start_ts", 77));
  EXPECT_EQ(state.find_thread(650)->pidns_init_start_ts_ns, 1077U);
}

}  // namespace
}  // namespace saker::testing
