// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Outputs are exchanged while messages come, and none is lost or doubled.
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "outputs/outputs.h"

namespace saker {
namespace {

// Counts what it takes, for all sinks of a test together.
class CountingSink final : public Sink {
public:
  explicit CountingSink(std::atomic<std::uint64_t>& count) : count_(count) {}
  [[nodiscard]] std::string_view name() const override { return "counting"; }
  Status open(DeliveryObserver& observer, const StopSignal& /*stop*/) override {
    observer_ = &observer;
    return {};
  }
  WriteResult write(std::span<const OutputMessage> batch) override {
    count_ += batch.size();
    observer_->delivered(batch.size());
    return WriteResult::all(batch.size());
  }
  Status drain(SteadyTime /*deadline*/) override { return {}; }

private:
  std::atomic<std::uint64_t>& count_;
  DeliveryObserver* observer_ = nullptr;
};

OutputMessage some_message() {
  return OutputMessage(Notice{.rule = "x", .message = "y", .fields = {}, .fixed_id = {}});
}

SteadyTime soon() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(10);
}

TEST(ExchangeOutputs, LosesAndDoublesNothing) {
  const OutputLog log = [](Priority /*priority*/, const std::string& /*text*/) {};
  std::atomic<std::uint64_t> count{0};
  Outputs outputs;
  ASSERT_TRUE(outputs.add(std::make_unique<CountingSink>(count), {}, log));
  std::atomic<bool> is_done{false};
  std::uint64_t pushed = 0;
  std::thread pusher([&] {
    while (!is_done) {
      outputs.push(some_message());
      ++pushed;
      std::this_thread::yield();
    }
  });
  for (int i = 0; i < 100; ++i) {
    outputs.pause(soon());
    Outputs next;
    ASSERT_TRUE(next.add(std::make_unique<CountingSink>(count), {}, log));
    outputs.resume(std::move(next));
  }
  is_done = true;
  pusher.join();
  outputs.drain(soon());
  EXPECT_EQ(count + outputs.dropped_count(), pushed);
}

TEST(ExchangeOutputs, FloodWhilePausedIsBoundedAndCounted) {
  const OutputLog log = [](Priority /*priority*/, const std::string& /*text*/) {};
  constexpr std::uint64_t kFlood = 100'000;
  std::atomic<std::uint64_t> count{0};
  Outputs outputs;
  outputs.pause(soon());
  const OutputMessage message = some_message();
  for (std::uint64_t i = 0; i < kFlood; ++i) {
    outputs.push(message);
  }
  EXPECT_GT(outputs.dropped_count(), 0U);
  Outputs next;
  ASSERT_TRUE(next.add(std::make_unique<CountingSink>(count), {}, log));
  outputs.resume(std::move(next));
  outputs.drain(soon());
  EXPECT_EQ(count + outputs.dropped_count(), kFlood);
}

}  // namespace
}  // namespace saker
