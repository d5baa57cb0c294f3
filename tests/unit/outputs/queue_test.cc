// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/queue.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "outputs/outputs.h"

namespace saker {
namespace {

using namespace std::chrono_literals;

OutputMessage message(const std::string& text) {
  return OutputMessage(Notice{.message = text});
}

SteadyTime soon() {
  return std::chrono::steady_clock::now() + 10s;
}

// What a ScriptedSink did and shall do, shared with the test.
struct Script {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> written;
  bool is_blocked = false;  // writes wait
  bool is_writing = false;
  int failures = 0;  // so many writes take nothing
  bool is_retryable = false;
  int reopens = 0;
  bool is_drained = false;

  void wait_until_writing() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return is_writing; });
  }
  void unblock() {
    const std::lock_guard lock(mutex);
    is_blocked = false;
    changed.notify_all();
  }
};

class ScriptedSink final : public Sink {
public:
  explicit ScriptedSink(Script& script) : script_(script) {}

  std::string_view name() const override { return "scripted"; }
  Status open(DeliveryObserver& observer, const StopSignal& stop) override {
    observer_ = &observer;
    stop_ = &stop;
    return {};
  }
  WriteResult write(std::span<const OutputMessage> batch) override {
    std::unique_lock lock(script_.mutex);
    script_.is_writing = true;
    script_.changed.notify_all();
    while (script_.is_blocked && !stop_->is_set()) {
      script_.changed.wait_for(lock, 5ms);
    }
    if (script_.failures > 0) {
      --script_.failures;
      return {0, fail(ErrorCode::kIo, "refused"), script_.is_retryable};
    }
    for (const OutputMessage& item : batch) {
      std::string text;
      item.render(text, {.iso_time = true});
      script_.written.push_back(text.substr(text.find("Debug ") + 6));
    }
    observer_->delivered(batch.size());
    return WriteResult::all(batch.size());
  }
  Status reopen() override {
    std::unique_lock lock(script_.mutex);
    ++script_.reopens;
    while (script_.is_blocked && !stop_->is_set()) {
      script_.changed.wait_for(lock, 5ms);
    }
    return {};
  }
  Status drain(SteadyTime /*deadline*/) override {
    const std::lock_guard lock(script_.mutex);
    script_.is_drained = true;
    return {};
  }

private:
  Script& script_;
  DeliveryObserver* observer_ = nullptr;
  const StopSignal* stop_ = nullptr;
};

class Queue : public ::testing::Test {
protected:
  std::unique_ptr<OutputQueue> start(const QueueOptions& options) {
    auto queue = OutputQueue::start(std::make_unique<ScriptedSink>(script_), options,
                                    [this](Priority, const std::string& text) {
                                      const std::lock_guard lock(log_mutex_);
                                      log_.push_back(text);
                                    });
    return std::move(*queue);
  }

  Script script_;
  std::mutex log_mutex_;
  std::vector<std::string> log_;
};

TEST_F(Queue, DeliversInOrderAndDrains) {
  auto queue = start({});
  std::vector<std::string> expected;
  for (int i = 0; i < 1000; ++i) {
    expected.push_back(std::to_string(i) + " ()");
    EXPECT_TRUE(queue->push(message(std::to_string(i))));
  }
  queue->drain(soon());
  EXPECT_EQ(script_.written, expected);
  EXPECT_TRUE(script_.is_drained);
  EXPECT_EQ(queue->stats().pushed, 1000U);
  EXPECT_EQ(queue->stats().taken, 1000U);
  EXPECT_EQ(queue->stats().delivered, 1000U);
  EXPECT_TRUE(log_.empty());
}

TEST_F(Queue, PushNeverWaitsAndTheBoundHolds) {
  script_.is_blocked = true;
  auto queue = start({.capacity = 2});
  EXPECT_TRUE(queue->push(message("in the sink")));
  script_.wait_until_writing();
  EXPECT_TRUE(queue->push(message("a")));
  EXPECT_TRUE(queue->push(message("b")));
  EXPECT_FALSE(queue->push(message("c")));
  EXPECT_FALSE(queue->push(message("d")));
  script_.unblock();
  queue->drain(soon());
  EXPECT_EQ(script_.written, (std::vector<std::string>{"in the sink ()", "a ()", "b ()"}));
  EXPECT_EQ(queue->stats().dropped_full, 2U);
  EXPECT_EQ(queue->stats().pushed, 5U);
  ASSERT_EQ(log_.size(), 1U) << "told once";
  EXPECT_NE(log_[0].find("Outputs queue out of memory. Drop event and continue on"),
            std::string::npos);
}

TEST_F(Queue, RetriesWhatIsRetryable) {
  script_.failures = 3;
  script_.is_retryable = true;
  auto queue = start({.first_retry = 1ms});
  queue->push(message("x"));
  queue->drain(soon());
  EXPECT_EQ(script_.written, std::vector<std::string>{"x ()"});
  EXPECT_EQ(queue->stats().retries, 3U);
}

TEST_F(Queue, DropsOneMessageWhenTheSinkRefusesForGood) {
  script_.is_blocked = true;
  script_.failures = 1;
  auto queue = start({});
  queue->push(message("x"));
  script_.wait_until_writing();
  queue->push(message("y"));
  script_.unblock();
  queue->drain(soon());
  EXPECT_EQ(script_.written, std::vector<std::string>{"y ()"});
  EXPECT_EQ(queue->stats().dropped_refused, 1U);
  ASSERT_EQ(log_.size(), 1U);
  EXPECT_EQ(log_[0], "scripted output: refused");
}

TEST_F(Queue, TellsTheSameTroubleOncePerPause) {
  script_.failures = 5;
  auto queue = start({});
  for (int i = 0; i < 5; ++i) {
    queue->push(message("x"));
  }
  queue->drain(soon());
  EXPECT_EQ(queue->stats().dropped_refused, 5U);
  ASSERT_EQ(log_.size(), 1U);
}

TEST_F(Queue, TellsOfALaterOverflowToo) {
  script_.is_blocked = true;
  auto queue = start({.capacity = 1, .log_pause = 1ms});
  EXPECT_TRUE(queue->push(message("in the sink")));
  script_.wait_until_writing();
  EXPECT_TRUE(queue->push(message("a")));
  EXPECT_FALSE(queue->push(message("b")));
  std::this_thread::sleep_for(5ms);
  EXPECT_FALSE(queue->push(message("c")));
  EXPECT_EQ(log_.size(), 2U);
  script_.unblock();
  queue->drain(soon());
}

TEST(LogLimit, CountsWhatItDoesNotTell) {
  LogLimit limit(60s);
  const SteadyTime start{};
  EXPECT_EQ(limit.told("a", start), "a");
  EXPECT_EQ(limit.told("a", start + 1s), std::nullopt);
  EXPECT_EQ(limit.told("a", start + 59s), std::nullopt);
  EXPECT_EQ(limit.told("a", start + 60s), "a (2 more times since)");
  EXPECT_EQ(limit.told("b", start + 61s), "b");
  EXPECT_EQ(limit.told("a", start + 62s), "a");
}

// However long the sink was full, it is asked again within a second or so.
TEST_F(Queue, AFullSinkIsAskedOften) {
  script_.failures = 7;
  script_.is_retryable = true;
  auto queue = start({});
  queue->push(message("x"));
  queue->drain(soon());
  EXPECT_EQ(script_.written, std::vector<std::string>{"x ()"});
}

TEST_F(Queue, DrainGivesUpAtTheDeadline) {
  script_.failures = 1'000'000;
  script_.is_retryable = true;
  auto queue = start({.first_retry = 1ms, .longest_retry = 1ms});
  queue->push(message("x"));
  queue->push(message("y"));
  queue->drain(std::chrono::steady_clock::now() + 50ms);
  EXPECT_TRUE(script_.written.empty());
  EXPECT_EQ(queue->stats().dropped_refused, 2U);
}

TEST_F(Queue, ReopensBetweenWrites) {
  auto queue = start({});
  queue->push(message("x"));
  queue->reopen();
  queue->drain(soon());
  EXPECT_EQ(script_.reopens, 1);
}

TEST_F(Queue, TellsOfASlowWriteOnce) {
  script_.is_blocked = true;
  auto queue = start({.slow_write = 0ms});
  queue->push(message("x"));
  script_.wait_until_writing();
  const SteadyTime end = soon();
  while (log_.empty() && std::chrono::steady_clock::now() < end) {
    queue->check_slow_write();
  }
  queue->check_slow_write();
  ASSERT_EQ(log_.size(), 1U);
  EXPECT_NE(log_[0].find("\"scripted\" output timeout"), std::string::npos);
  script_.unblock();
  queue->drain(soon());
}

TEST_F(Queue, TellsOfASlowReopening) {
  script_.is_blocked = true;
  auto queue = start({.slow_write = 0ms});
  queue->reopen();
  const SteadyTime end = soon();
  while (log_.empty() && std::chrono::steady_clock::now() < end) {
    queue->check_slow_write();
  }
  ASSERT_EQ(log_.size(), 1U);
  script_.unblock();
  queue->drain(soon());
}

TEST(Outputs, EveryQueueGetsEveryMessage) {
  Script first;
  Script second;
  second.is_blocked = true;
  Outputs outputs;
  ASSERT_TRUE(outputs.add(std::make_unique<ScriptedSink>(first), {}, [](Priority, const auto&) {}));
  ASSERT_TRUE(
      outputs.add(std::make_unique<ScriptedSink>(second), {}, [](Priority, const auto&) {}));
  outputs.push(message("x"));
  first.wait_until_writing();  // the blocked neighbour does not matter
  second.unblock();
  outputs.drain(soon());
  EXPECT_EQ(first.written, std::vector<std::string>{"x ()"});
  EXPECT_EQ(second.written, std::vector<std::string>{"x ()"});
  EXPECT_EQ(outputs.dropped_count(), 0U);
}

TEST_F(Queue, EndsOnceThoughTwoThreadsDrainIt) {
  auto queue = start({});
  script_.is_blocked = true;
  queue->push(message("a"));
  script_.wait_until_writing();
  std::thread other([&] { queue->drain(soon()); });
  std::thread third([&] { queue->drain(soon()); });
  script_.unblock();
  other.join();
  third.join();
  queue->drain(soon());
  EXPECT_EQ(queue->stats().delivered, 1U);
  EXPECT_FALSE(queue->push(message("late")));
  EXPECT_EQ(queue->stats().dropped_refused, 1U) << "nobody would take it";
}

}  // namespace
}  // namespace saker
