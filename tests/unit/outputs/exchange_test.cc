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
    outputs.pause({"counting"}, soon());
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
  outputs.pause({"counting"}, soon());
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

// Takes nothing before it is told to end.
class StuckSink final : public Sink {
public:
  explicit StuckSink(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] std::string_view name() const override { return name_; }
  Status open(DeliveryObserver& /*observer*/, const StopSignal& stop) override {
    stop_ = &stop;
    return {};
  }
  WriteResult write(std::span<const OutputMessage> /*batch*/) override {
    while (!stop_->is_set()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return {.taken = 0, .status = {}, .is_retryable = true};
  }
  Status drain(SteadyTime /*deadline*/) override { return {}; }

private:
  std::string name_;
  const StopSignal* stop_ = nullptr;
};

void ignore(Priority /*priority*/, const std::string& /*text*/) {}

TEST(ExchangeOutputs, OthersGoOnUntouched) {
  std::atomic<std::uint64_t> count{0};
  Outputs outputs;
  ASSERT_TRUE(outputs.add(std::make_unique<CountingSink>(count), {}, ignore));
  ASSERT_TRUE(outputs.add(std::make_unique<StuckSink>("stuck"), {}, ignore));
  const auto stays = outputs.queues().back();
  outputs.push(some_message());
  outputs.pause({"counting"}, soon());
  outputs.push(some_message());
  Outputs next;
  ASSERT_TRUE(next.add(std::make_unique<CountingSink>(count), {}, ignore));
  outputs.resume(std::move(next));
  EXPECT_EQ(outputs.queues().front(), stays);
  EXPECT_EQ(stays->stats().pushed, 2U);
  EXPECT_EQ(stays->held_count(), 2U);
  outputs.drain(std::chrono::steady_clock::now());
}

TEST(ExchangeOutputs, ASuccessorTakesTheBacklogAndTheCounts) {
  std::atomic<std::uint64_t> count{0};
  Outputs outputs;
  ASSERT_TRUE(outputs.add(std::make_unique<StuckSink>("counting"), {}, ignore));
  constexpr std::uint64_t kMessages = 1000;  // several batches
  for (std::uint64_t i = 0; i < kMessages; ++i) {
    outputs.push(some_message());
  }
  outputs.pause({"counting"}, std::chrono::steady_clock::now());
  Outputs next;
  ASSERT_TRUE(next.add(std::make_unique<CountingSink>(count), {}, ignore));
  outputs.resume(std::move(next));
  outputs.drain(soon());
  EXPECT_EQ(count, kMessages);
  const QueueStats& stats = outputs.queues().front()->stats();
  EXPECT_EQ(stats.pushed, kMessages);
  EXPECT_EQ(stats.delivered, kMessages);
  EXPECT_EQ(stats.dropped_refused, 0U);
  outputs.pause({"counting"}, soon());
  Outputs again;
  ASSERT_TRUE(again.add(std::make_unique<CountingSink>(count), {}, ignore));
  outputs.resume(std::move(again));
  EXPECT_EQ(outputs.queues().front()->stats().delivered, kMessages) << "goes on counting";
}

TEST(ExchangeOutputs, WhatAMissingOutputDoesNotGetIsCounted) {
  std::atomic<std::uint64_t> count{0};
  Outputs outputs;
  ASSERT_TRUE(outputs.add(std::make_unique<StuckSink>("counting"), {}, ignore));
  outputs.push(some_message());
  outputs.pause({"counting"}, std::chrono::steady_clock::now());
  outputs.push(some_message());
  outputs.resume(Outputs(), {{"counting", "no such folder"}});
  outputs.push(some_message());
  ASSERT_EQ(outputs.missing().size(), 1U);
  EXPECT_EQ(outputs.earlier()["counting"]->pushed, 3U);
  EXPECT_EQ(outputs.earlier()["counting"]->dropped_refused, 3U);
  outputs.pause({"counting"}, soon());
  Outputs next;
  ASSERT_TRUE(next.add(std::make_unique<CountingSink>(count), {}, ignore));
  outputs.resume(std::move(next));
  EXPECT_TRUE(outputs.missing().empty());
  outputs.push(some_message());
  outputs.drain(soon());
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(outputs.queues().front()->stats().pushed, 4U);
}

TEST(ExchangeOutputs, BacklogOfAnOutputThatIsNoLongerWantedIsCounted) {
  Outputs outputs;
  ASSERT_TRUE(outputs.add(std::make_unique<StuckSink>("stuck"), {}, ignore));
  outputs.push(some_message());
  outputs.pause({"stuck"}, std::chrono::steady_clock::now());
  outputs.push(some_message());
  outputs.resume(Outputs());
  outputs.push(some_message());
  EXPECT_EQ(outputs.earlier()["stuck"]->pushed, 1U);
  EXPECT_EQ(outputs.earlier()["stuck"]->dropped_refused, 1U);
}

}  // namespace
}  // namespace saker
