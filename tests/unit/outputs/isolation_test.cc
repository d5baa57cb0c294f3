// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <gmock/gmock.h>

#include "outputs/outputs.h"
#include "outputs/queue.h"
#include "tests/support/output_fakes.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using testing::eventually;
using testing::numbered_message;

// Hangs in write() until it is released or the process ends.
class HangingSink final : public Sink {
public:
  explicit HangingSink(std::atomic<bool>& is_released) : is_released_(is_released) {}
  std::string_view name() const override { return "hanging"; }
  Status open(DeliveryObserver& observer, const StopSignal& stop) override {
    observer_ = &observer;
    stop_ = &stop;
    return {};
  }
  WriteResult write(std::span<const OutputMessage> batch) override {
    while (!is_released_ && !stop_->is_set()) {
      std::this_thread::sleep_for(1ms);
    }
    observer_->delivered(batch.size());
    return WriteResult::all(batch.size());
  }
  Status drain(SteadyTime) override { return {}; }

private:
  std::atomic<bool>& is_released_;
  DeliveryObserver* observer_ = nullptr;
  const StopSignal* stop_ = nullptr;
};

class QuickSink final : public Sink {
public:
  std::string_view name() const override { return "quick"; }
  Status open(DeliveryObserver& observer, const StopSignal&) override {
    observer_ = &observer;
    return {};
  }
  WriteResult write(std::span<const OutputMessage> batch) override {
    observer_->delivered(batch.size());
    return WriteResult::all(batch.size());
  }
  Status drain(SteadyTime) override { return {}; }

private:
  DeliveryObserver* observer_ = nullptr;
};

TEST(Outputs, AHangingSinkDelaysNobody) {
  std::atomic<bool> is_released{false};
  testing::LogLines log;
  Outputs outputs;
  ASSERT_TRUE(outputs.add(std::make_unique<HangingSink>(is_released),
                          {.capacity = 100, .slow_write = 50ms}, log.sink()));
  ASSERT_TRUE(outputs.add(std::make_unique<QuickSink>(), {.capacity = 20000}, log.sink()));
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < 10000; ++i) {
    outputs.push(numbered_message(i));
  }
  const QueueStats& quick = outputs.queues()[1]->stats();
  ASSERT_TRUE(eventually([&] { return quick.delivered == 10000; }));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  std::this_thread::sleep_for(60ms);
  outputs.check_slow_writes();
  EXPECT_TRUE(log.has("\"hanging\" output timeout"));
  outputs.drain(std::chrono::steady_clock::now() + 200ms);
}

// In memory are the capacity and the batch in the sink's hands, whatever comes.
TEST(Outputs, AFloodStaysWithinTheCapacity) {
  std::atomic<bool> is_released{false};
  testing::LogLines log;
  auto queue = OutputQueue::start(std::make_unique<HangingSink>(is_released),
                                  {.capacity = 50, .batch_limit = 10}, log.sink());
  ASSERT_TRUE(queue);
  const QueueStats& stats = (*queue)->stats();
  for (std::uint64_t i = 0; i < 20; ++i) {
    (*queue)->push(numbered_message(i));
  }
  // The worker hangs with some of them; the rest waits.
  std::this_thread::sleep_for(20ms);
  for (std::uint64_t i = 0; i < 100000; ++i) {
    (*queue)->push(numbered_message(i));
  }
  const std::size_t held = (*queue)->held_count();
  EXPECT_GE(held, 50U);
  EXPECT_LE(held, 60U);
  EXPECT_EQ(stats.dropped_full, 100020U - held);
  EXPECT_TRUE(log.has("Outputs queue out of memory"));
  is_released = true;
  EXPECT_TRUE(eventually([&] { return stats.delivered == held; }));
  (*queue)->drain(std::chrono::steady_clock::now() + 5s);
  EXPECT_EQ(stats.pushed, stats.taken + stats.dropped_full + stats.dropped_refused);
}

}  // namespace
}  // namespace saker
