// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/source_monitor.h"

#include <gtest/gtest.h>

namespace saker::app {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

class Collecting final : public Sink {
public:
  explicit Collecting(std::vector<std::string>& lines) : lines_(lines) {}
  std::string_view name() const override { return "collecting"; }
  Status open(DeliveryObserver& observer, const StopSignal& /*stop*/) override {
    observer_ = &observer;
    return {};
  }
  WriteResult write(std::span<const OutputMessage> batch) override {
    for (const OutputMessage& message : batch) {
      lines_.emplace_back();
      message.render(lines_.back(), {.as_json = true, .hostname = "vm"});
    }
    observer_->delivered(batch.size());
    return WriteResult::all(batch.size());
  }
  Status drain(SteadyTime /*deadline*/) override { return {}; }

private:
  std::vector<std::string>& lines_;
  DeliveryObserver* observer_ = nullptr;
};

class Monitor : public ::testing::Test {
protected:
  Monitor() {
    config_.drops = {.threshold = 0.1, .actions = {"alert"}, .rate = 1, .max_burst = 1};
    const Status added =
        outputs_.add(std::make_unique<Collecting>(lines_), {}, [](Priority, const std::string&) {});
    EXPECT_TRUE(added);
  }

  SourceMonitor make() {
    return {config_, [this] { return stats_; }, outputs_, log_};
  }
  const std::vector<std::string>& drained() {
    outputs_.drain(std::chrono::steady_clock::now() + std::chrono::seconds(10));
    return lines_;
  }

  config::Config config_;
  SourceStats stats_{.is_ebpf = true};
  std::vector<std::string> lines_;
  Outputs outputs_;
  Log log_{{.to_stderr = false}};
};

TEST_F(Monitor, ChecksOncePerSecondOfEventTime) {
  SourceMonitor monitor = make();
  EXPECT_TRUE(monitor.is_check_due(100));
  ASSERT_TRUE(monitor.check_drops(100));
  EXPECT_FALSE(monitor.is_check_due(100 + kSecond - 1));
  EXPECT_TRUE(monitor.is_check_due(100 + kSecond));
}

TEST_F(Monitor, DropsAboveTheThresholdAreAnAlert) {
  SourceMonitor monitor = make();
  ASSERT_TRUE(monitor.check_drops(kSecond));
  stats_ = {.events = 100, .drops = 10, .drops_ring_full = 10, .is_ebpf = true};
  ASSERT_TRUE(monitor.check_drops(2 * kSecond));
  EXPECT_EQ(monitor.drop_seconds(), 0U) << "exactly the threshold is not above it";
  stats_ = {.events = 200, .drops = 31, .drops_ring_full = 30, .drops_scratch = 1, .is_ebpf = true};
  stats_.drops_by_category[3] = 7;
  EXPECT_EQ(monitor.recent_losses(), 31U);
  ASSERT_TRUE(monitor.check_drops(3 * kSecond));
  EXPECT_EQ(monitor.drop_seconds(), 1U);
  EXPECT_EQ(monitor.action_count(), 1U);
  ASSERT_EQ(drained().size(), 1U);
  EXPECT_EQ(
      lines_[0],
      R"json({"hostname":"vm","output":"00:00:03.000000000: Debug Falco internal: syscall event )json"
      R"json(drop. 21 system calls dropped in last second. (ebpf_enabled=\"1\" n_drops=\"21\" )json"
      R"json(n_drops_buffer_clone_fork_exit=\"0\" n_drops_buffer_close_exit=\"0\" )json"
      R"json(n_drops_buffer_connect_exit=\"0\" n_drops_buffer_dir_file_exit=\"0\" )json"
      R"json(n_drops_buffer_execve_exit=\"0\" n_drops_buffer_open_exit=\"7\" )json"
      R"json(n_drops_buffer_other_interest_exit=\"0\" n_drops_buffer_proc_exit=\"0\" )json"
      R"json(n_drops_buffer_total=\"20\" n_drops_bug=\"0\" n_drops_page_faults=\"0\" )json"
      R"json(n_drops_scratch_map=\"1\" n_evts=\"100\")","output_fields":{"ebpf_enabled":"1",)json"
      R"json("n_drops":"21","n_drops_buffer_clone_fork_exit":"0","n_drops_buffer_close_exit":"0",)json"
      R"json("n_drops_buffer_connect_exit":"0","n_drops_buffer_dir_file_exit":"0",)json"
      R"json("n_drops_buffer_execve_exit":"0","n_drops_buffer_open_exit":"7",)json"
      R"json("n_drops_buffer_other_interest_exit":"0","n_drops_buffer_proc_exit":"0",)json"
      R"json("n_drops_buffer_total":"20","n_drops_bug":"0","n_drops_page_faults":"0",)json"
      R"json("n_drops_scratch_map":"1","n_evts":"100"},"priority":"Debug","rule":"Falco internal: )json"
      R"json(syscall event drop","source":"internal","time":"1970-01-01T00:00:03.000000000Z"})json");
}

TEST_F(Monitor, ActionsAreLimitedByTheBucket) {
  config_.drops.simulate_drops = true;
  config_.drops.rate = 0.1;
  SourceMonitor monitor = make();
  for (std::uint64_t second = 1; second <= 21; ++second) {
    ASSERT_TRUE(monitor.check_drops(second * kSecond));
  }
  EXPECT_EQ(monitor.drop_seconds(), 20U);
  EXPECT_EQ(monitor.action_count(), 2U) << "one at once, one after ten seconds";
}

TEST_F(Monitor, ExitEndsTheRun) {
  config_.drops.actions = {"log", "exit"};
  config_.drops.simulate_drops = true;
  SourceMonitor monitor = make();
  ASSERT_TRUE(monitor.check_drops(kSecond));
  EXPECT_FALSE(monitor.check_drops(2 * kSecond));
}

TEST_F(Monitor, SilenceIsANotice) {
  config_.timeouts_max_consecutives = 2;
  SourceMonitor monitor = make();
  monitor.on_timeout(5);
  monitor.on_timeout(6);
  EXPECT_TRUE(monitor.is_check_due(7)) << "an event starts the count anew";
  monitor.on_timeout(8);
  monitor.on_timeout(9);
  monitor.on_timeout(10);
  ASSERT_EQ(drained().size(), 1U);
  EXPECT_NE(lines_[0].find(R"("output_fields":{"last_event_time":"7"})"), std::string::npos);
}

}  // namespace
}  // namespace saker::app
