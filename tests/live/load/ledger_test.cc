// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The ledger says exactly what a generator did, with and without loss, per class and per CPU.
#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "bpf/user/live_source.h"
#include "tests/live/load/generator.h"
#include "tests/live/sensor/sensor_fixture.h"
#include "tests/support/patience.h"

namespace saker::load {
namespace {

using sensor::Ledger;

sensor::Selection everything_counted() {
  sensor::Selection selection;
  for (const char* name : {"openat", "read", "close", "clone", "execve", "connect", "accept4",
                           "socket", "setsockopt"}) {
    selection.syscall_codes.push_back(syscall_by_name(name)->code);
  }
  selection.events = {EventType::kSyscallOpenatV2E, EventType::kProcexitV1E};
  return selection;
}

class ExactLedger : public ::testing::TestWithParam<Workload> {
protected:
  void SetUp() override {
    SAKER_SKIP_WITHOUT_SENSOR();
    auto group = ControlGroup::make("saker-ledger-test");
    if (!group) {
      GTEST_SKIP() << group.error().message;
    }
    group_ = std::move(*group);
  }

  std::unique_ptr<sensor::LiveSource> open(std::uint32_t ring_bytes) {
    sensor::LiveOptions options;
    options.selection = everything_counted();
    options.ring_bytes = ring_bytes;
    options.with_snapshot = false;
    options.only_cgroup = group_->id();
    auto source = sensor::LiveSource::open(options, counters_);
    EXPECT_TRUE(source) << source.error().message;
    return source ? std::move(*source) : nullptr;
  }

  std::unique_ptr<ControlGroup> group_;
  Counters counters_;
};

double seconds_allowed() {
  return static_cast<double>(saker::testing::patient(std::chrono::seconds(60)).count());
}

void expect_sums(const Ledger& ledger) {
  EXPECT_EQ(ledger.seen, ledger.submitted + ledger.filtered() + ledger.lost());
  std::uint64_t seen = 0;
  for (const sensor::ClassLedger& part : ledger.by_class) {
    EXPECT_EQ(part.seen, part.submitted + part.filtered + part.lost_ring_full + part.lost_other);
    seen += part.seen;
  }
  EXPECT_EQ(seen, ledger.seen);
}

TEST_P(ExactLedger, WithoutLossEveryHitIsThereAndRead) {
  constexpr std::uint64_t kIterations = 500;
  auto generator = Generator::start(GetParam(), group_.get());
  ASSERT_TRUE(generator) << generator.error().message;
  auto source = open(8U << 20);
  ASSERT_NE(source, nullptr);
  std::uint64_t read = 0;
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    while (!stop) {
      Batch batch;
      ASSERT_TRUE(source->next(batch));
      read += batch.events.size();
    }
  });
  const LoadResult load = (*generator)->run(seconds_allowed(), kIterations, 0);
  stop = true;
  reader.join();
  ASSERT_EQ(load.iterations, kIterations);
  const sensor::FinalLedger final = source->finish();
  expect_sums(final.kernel);
  EXPECT_EQ(final.kernel.seen, kIterations * GetParam().hits_per_iteration);
  EXPECT_EQ(final.kernel.lost(), 0U);
  EXPECT_EQ(final.kernel.submitted, read + final.unread);
  Ledger sum;
  for (const Ledger& cpu : source->ledgers()) {
    sum.seen += cpu.seen;
  }
  EXPECT_EQ(sum.seen, final.kernel.seen);
}

TEST_P(ExactLedger, WithLossTheSumIsExactToo) {
  constexpr std::uint64_t kIterations = 2000;
  auto generator = Generator::start(GetParam(), group_.get());
  ASSERT_TRUE(generator) << generator.error().message;
  auto source = open(4096);  // nobody reads it
  ASSERT_NE(source, nullptr);
  const LoadResult load = (*generator)->run(seconds_allowed(), kIterations, 0);
  ASSERT_EQ(load.iterations, kIterations);
  const sensor::FinalLedger final = source->finish();
  expect_sums(final.kernel);
  EXPECT_EQ(final.kernel.seen, kIterations * GetParam().hits_per_iteration);
  EXPECT_GT(final.kernel.lost_ring_full, 0U);
  EXPECT_EQ(final.kernel.submitted, final.unread);
}

INSTANTIATE_TEST_SUITE_P(Workloads, ExactLedger,
                         ::testing::ValuesIn(workloads().begin(), workloads().end()),
                         [](const ::testing::TestParamInfo<Workload>& parameter) {
                           return std::string(parameter.param.name);
                         });

}  // namespace
}  // namespace saker::load
