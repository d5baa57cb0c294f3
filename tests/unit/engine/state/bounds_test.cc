// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Whatever traced programs do, memory stays bounded, work ends, and what is dropped is counted. And
// once warm, the state takes no memory from the heap.
#include <random>

#include "tests/support/allocation_counter.h"
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::testing {
namespace {

// A record whose thread and numbers are changed in place, for loops of many events.
class Stamp {
public:
  explicit Stamp(EventBuilder builder) {
    const Bytes record = builder.record();
    bytes_.assign(record.begin(), record.end());
  }

  Stamp& tid(std::int64_t tid) {
    std::memcpy(bytes_.data() + 8, &tid, sizeof(tid));
    return *this;
  }
  // `i` must be a parameter of 8 bytes.
  Stamp& param(std::size_t i, std::int64_t value) {
    const auto offset = static_cast<std::size_t>(view().param(i).data() -
                                                 static_cast<const std::byte*>(bytes_.data()));
    std::memcpy(bytes_.data() + offset, &value, sizeof(value));
    return *this;
  }
  [[nodiscard]] EventView view() const {
    EventView view;
    SAKER_CHECK(view.parse(bytes_) == EventFault::kNone);
    return view;
  }

private:
  std::vector<std::byte> bytes_;
};

class Bounds : public StateFixture {
protected:
  void run(const Stamp& stamp) { run(stamp, state); }
  static void run(const Stamp& stamp, State& on) {
    const EventView event = stamp.view();
    on.apply(event);
    on.retire(event);
  }
};

// A process' life: fork, exec, a file, a socket, exit.
class Life {
public:
  void live(std::int64_t tid, State& state) {
    constexpr std::size_t kPid = 4;
    step(fork_.tid(tid).param(kPid, tid).param(18, tid).param(19, tid), state);
    step(exec_.tid(tid).param(kPid, tid), state);
    for (Stamp* stamp : {&open_, &read_, &socket_, &connect_, &chdir_, &close_, &exit_}) {
      step(stamp->tid(tid), state);
    }
  }

private:
  static void step(const Stamp& stamp, State& state) {
    const EventView event = stamp.view();
    state.apply(event);
    state.retire(event);
  }

  static EventBuilder named(EventType type) {
    return EventBuilder(type)
        .with("exe", "true")
        .with("comm", "true")
        .with("ptid", kShell)
        .with("args", pieces({"-x", "some argument that needs memory of its own"}))
        .with("cgroups", pieces({"cpuset=/system.slice/some.service", "memory=/system.slice"}));
  }

  Stamp fork_{named(kSyscallCloneV20X)};
  Stamp exec_{named(kSyscallExecveV19X).with("env", pieces({"PATH=/usr/bin:/bin", "HOME=/root"}))};
  Stamp open_{EventBuilder(kSyscallOpenatV2X)
                  .with("fd", 3)
                  .with("dirfd", -100)
                  .with("name", "some/relative/path/of/usual/length")};
  Stamp read_{EventBuilder(kSyscallReadX).with("fd", 3).with("res", 10)};
  Stamp socket_{EventBuilder(kSocketSocketX).with("fd", 4).with("domain", 2).with("type", 1)};
  Stamp connect_{EventBuilder(kSocketConnectX)
                     .with("fd", 4)
                     .with("tuple", socktuple("10.0.0.5", 40000, "8.8.8.8", 443))};
  Stamp chdir_{EventBuilder(kSyscallChdirX).with("path", "/some/other/directory")};
  Stamp close_{EventBuilder(kSyscallCloseX).with("fd", 3)};
  Stamp exit_{EventBuilder(kProcexitV1E)};
};

TEST_F(Bounds, AMillionShortLivedProcessesNeedTheMemoryOfOne) {
  constexpr std::int64_t kCount = 1'000'000;
  Life life;
  for (std::int64_t tid = 10'000; tid < 10'100; ++tid) {
    life.live(tid, state);
  }
  const std::size_t threads = state.thread_count();
  const std::size_t fds = state.fd_count();
  const AllocationCounter allocations;
  for (std::int64_t tid = 20'000; tid < 20'000 + kCount; ++tid) {
    life.live(tid, state);
  }
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(state.thread_count(), threads);
  EXPECT_EQ(state.fd_count(), fds);
  EXPECT_EQ(counters.get(Counter::kThreadsAdded) - counters.get(Counter::kThreadsRemoved), threads);
}

TEST_F(Bounds, FdsOfAProcessAreLimited) {
  constexpr std::int64_t kCount = 100'000;
  Stamp open(EventBuilder(kSyscallOpenX).tid(kShell).with("name", "/tmp/x"));
  for (std::int64_t fd = 10; fd < 10 + kCount; ++fd) {
    run(open.param(0, fd));
  }
  const std::size_t limit = state.limits().max_fds_per_process;
  EXPECT_EQ(state.fds(thread(kShell))->size(), limit);
  EXPECT_EQ(counters.get(Counter::kFdsDroppedFull), kCount + 4 - limit);
  // Rules see what is not stored.
  const EventView event = open.view();
  const Applied& applied = state.apply(event);
  ASSERT_NE(applied.fd, nullptr);
  EXPECT_EQ(applied.fd->name, "/tmp/x");
  EXPECT_EQ(applied.fd->type, FdType::kFile);
  state.retire(event);
  EXPECT_EQ(fd(kShell, 10 + kCount - 1), nullptr);
  const Stamp send(EventBuilder(kSocketSendtoX)
                       .tid(kShell)
                       .with("fd", 500'000)
                       .with("tuple", socktuple("10.0.0.5", 40000, "8.8.8.8", 53)));
  const EventView sending = send.view();
  ASSERT_NE(state.apply(sending).fd, nullptr);
  state.retire(sending);
  // One that is there already can still change.
  run(Stamp(EventBuilder(kSyscallOpenX).tid(kShell).with("fd", 10).with("name", "/tmp/y")));
  EXPECT_EQ(fd_name(kShell, 10), "/tmp/y");
  // Everything goes with the process.
  exit(kShell);
  EXPECT_LT(state.fd_count(), 10U);
}

// Processes that share one table need it once; copies of it come out of one budget.
TEST_F(Bounds, FdsOfAllProcessesAreLimited) {
  constexpr std::int64_t kFds = 5000;
  constexpr std::int64_t kProcesses = 100;
  StateLimits limits;
  limits.max_fds = 100'000;
  for (const std::uint32_t flags : {thread_flag::kCloneFiles, std::uint32_t{0}}) {
    Counters own;
    State small(limits, own);
    small.reset(small_system());
    Stamp open(EventBuilder(kSyscallOpenX).tid(kShell).with("name", "/tmp/x"));
    for (std::int64_t fd = 10; fd < 10 + kFds; ++fd) {
      run(open.param(0, fd), small);
    }
    for (std::int64_t tid = 10'000; tid < 10'000 + kProcesses; ++tid) {
      run(Stamp(clone_event(tid, 0, kShell)
                    .with("pid", tid)
                    .with("ptid", kShell)
                    .with("flags", std::int64_t{flags})),
          small);
      run(open.tid(tid).param(0, 9), small);
    }
    std::size_t total = 0;
    const FdTable* last = nullptr;
    for (std::int64_t tid = 10'000; tid < 10'000 + kProcesses; ++tid) {
      const FdTable* table = small.fds(*small.find_thread(tid));
      total += table == last ? 0 : table->size();
      last = table;
      EXPECT_NE(table->find(9), nullptr) << tid;
    }
    EXPECT_LE(total, limits.max_fds);
    if (flags != 0) {
      EXPECT_EQ(total, static_cast<std::size_t>(kFds) + 5);
      EXPECT_EQ(own.get(Counter::kFdsDroppedBudget), 0U);
    } else {
      EXPECT_GT(own.get(Counter::kFdsDroppedBudget), 400'000U);
    }
    // Room comes back with the processes that go.
    for (std::int64_t tid = 10'000; tid < 10'000 + kProcesses; ++tid) {
      run(Stamp(EventBuilder(kProcexitV1E).tid(tid)), small);
    }
    const std::uint64_t dropped = own.get(Counter::kFdsDroppedBudget);
    run(Stamp(clone_event(10'000, 0, kShell).with("pid", 10'000).with("ptid", kShell)), small);
    run(open.tid(10'000).param(0, 8), small);
    EXPECT_GT(small.fds(*small.find_thread(10'000))->size(), static_cast<std::size_t>(kFds));
    EXPECT_EQ(own.get(Counter::kFdsDroppedBudget), dropped);
  }
}

TEST_F(Bounds, AFullThreadTableDropsAndCounts) {
  StateLimits limits;
  limits.max_threads = 100;
  Counters own;
  State small(limits, own);
  small.reset(small_system());
  Stamp read(EventBuilder(kSyscallReadX).with("fd", 0));
  for (std::int64_t tid = 10'000; tid < 11'000; ++tid) {
    run(read.tid(tid), small);
  }
  EXPECT_EQ(small.thread_count(), 100U);
  EXPECT_EQ(own.get(Counter::kThreadsDroppedFull), 1000U - 96U);
  const EventView event = read.tid(10'999).view();
  EXPECT_EQ(small.apply(event).thread, nullptr);
  small.retire(event);
  // Those that are known go on, and room that becomes free is used.
  run(Stamp(EventBuilder(kProcexitV1E).tid(10'000)), small);
  run(read.tid(10'999), small);
  EXPECT_NE(small.find_thread(10'999), nullptr);
}

TEST_F(Bounds, LongAncestorChainsEnd) {
  constexpr std::int64_t kDepth = 10'000;
  Stamp fork(clone_event(0, 0, 0));
  std::int64_t parent = kShell;
  for (std::int64_t tid = 10'000; tid < 10'000 + kDepth; ++tid) {
    run(fork.tid(tid).param(4, tid).param(5, parent).param(18, tid).param(19, tid));
    parent = tid;
  }
  std::size_t depth = 0;
  for (const Thread* at = &thread(parent); at != nullptr; at = state.parent_process(*at)) {
    ++depth;
  }
  EXPECT_EQ(depth, static_cast<std::size_t>(kDepth) + 2);
  // Nobody near reaps: the walk is given up.
  exit(parent - 1);
  EXPECT_EQ(thread(parent).ptid, 0);
  // Ends from the top: each hands its child over.
  for (std::int64_t tid = 10'000; tid < 10'000 + kDepth; ++tid) {
    exit(tid);
  }
  EXPECT_EQ(state.thread_count(), 4U);
}

TEST_F(Bounds, ParentsInACircleDoNoHarm) {
  Snapshot snapshot = small_system();
  snapshot.threads.push_back(thread_snapshot(10, 10, 11, "a"));
  snapshot.threads.push_back(thread_snapshot(11, 11, 10, "b"));
  snapshot.threads.push_back(thread_snapshot(12, 12, 12, "self"));
  state.reset(snapshot);
  fork(10, 13);
  exit(10);
  exit(11);
  exit(12);
  EXPECT_EQ(state.find_thread(10), nullptr);
  EXPECT_NE(state.find_thread(13), nullptr);
}

TEST_F(Bounds, ForkedTablesShareTheirRecords) {
  for (std::int64_t fd = 10; fd < 510; ++fd) {
    open(kShell, fd, "/tmp/x");
  }
  const std::size_t before = state.fd_count();
  for (std::int64_t tid = 10'000; tid < 10'100; ++tid) {
    fork(kShell, tid);
  }
  EXPECT_EQ(state.fd_count(), before);
  open(10'000, 600, "/tmp/y");
  EXPECT_EQ(state.fd_count(), before + 1);
}

// Records with random bytes in their parameters: nothing may break (run with sanitizers too).
TEST_F(Bounds, RandomParametersDoNoHarm) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same cases in every run
  const auto small_number = [&] { return static_cast<std::int64_t>(random() % 12) - 2; };
  for (int i = 0; i < 200'000; ++i) {
    const auto type = EventType{static_cast<std::uint16_t>(random() % kEventTypeCount)};
    const EventInfo& info = event_info(type);
    EventBuilder builder(type);
    builder.tid(random() % 4 == 0 ? small_number() : kShell + small_number());
    builder.ts(static_cast<std::uint64_t>(i) * 1'000'000);
    for (const ParamInfo& param : info.params) {
      const auto choice = random() % 8;
      if (choice == 0) {
        builder.without(param.name);
      } else if (fixed_size(param.type) != 0) {
        builder.with(param.name, choice < 6 ? small_number() : kShell + small_number());
      } else {
        std::string bytes(random() % 48, '\0');
        for (char& c : bytes) {
          c = static_cast<char>(random() % 4 == 0 ? '\0' : "/.a=\x01\x02\x0a\xff"[random() % 8]);
        }
        builder.with(param.name, bytes);
      }
    }
    const EventView event = builder.view();
    const Applied& applied = state.apply(event);
    if (applied.thread != nullptr) {
      ASSERT_TRUE(applied.thread->image);
      static_cast<void>(state.cwd(*applied.thread));
      static_cast<void>(state.env(*applied.thread));
    }
    state.retire(event);
  }
  state.reset(Snapshot{});
  EXPECT_EQ(state.fd_count(), 0U);
}

}  // namespace
}  // namespace saker::testing
