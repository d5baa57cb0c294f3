// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A bounded queue in front of one sink, with the worker thread that feeds it. The event thread only
// appends: it never waits for a destination.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "outputs/filter.h"
#include "outputs/log_limit.h"
#include "outputs/output_log.h"
#include "outputs/sink.h"

namespace saker {

struct QueueOptions {
  // Messages that may wait; 0: no bound. In memory are no more than these and one batch, which the
  // sink has in its hands.
  std::size_t capacity = 0;
  std::size_t batch_limit = 256;  // most messages in one write
  // A write or reopening that lasts longer than this is told, once each.
  std::chrono::milliseconds slow_write{2000};
  FilterOptions filter;  // other messages are not even queued
  // Pause before the first repetition of a retryable write; doubled up to the second value.
  std::chrono::milliseconds first_retry{100};
  // Short: the sink only waits for room, which comes as soon as its receiver is back.
  std::chrono::milliseconds longest_retry{1000};
  // The same trouble is logged again after this.
  std::chrono::milliseconds log_pause{60000};
};

// Outcomes; read by any thread. pushed = waiting + taken + dropped_full + dropped_refused;
// taken = delivered + failed + on their way.
struct QueueStats {
  std::atomic<std::uint64_t> filtered{0};  // not wanted by the output's filter; not in pushed
  std::atomic<std::uint64_t> pushed{0};
  std::atomic<std::uint64_t> dropped_full{0};     // the queue had no room
  std::atomic<std::uint64_t> dropped_refused{0};  // the sink refused them for good
  std::atomic<std::uint64_t> taken{0};
  std::atomic<std::uint64_t> delivered{0};
  std::atomic<std::uint64_t> failed{0};
  std::atomic<std::uint64_t> retries{0};

  void add(const QueueStats& other);
};

class OutputQueue final : private DeliveryObserver, private StopSignal {
public:
  // Opens the sink and starts the worker.
  [[nodiscard]] static Result<std::unique_ptr<OutputQueue>> start(std::unique_ptr<Sink> sink,
                                                                  const QueueOptions& options,
                                                                  OutputLog log);
  ~OutputQueue() override;
  OutputQueue(const OutputQueue&) = delete;
  OutputQueue& operator=(const OutputQueue&) = delete;

  // Never waits for the sink. False: the queue is full and the message is dropped and counted.
  bool push(OutputMessage message);

  // Makes the worker reopen the sink before its next write.
  void reopen();

  // Tells the log when the current write has lasted longer than options.slow_write. Called now and
  // then by the control thread.
  void check_slow_write();

  // Delivers everything that waits, until `deadline`, then ends the worker. What is left then is
  // dropped and counted as refused, and so is what is pushed later. A second call, from any thread,
  // waits for the first.
  void drain(SteadyTime deadline);
  // As drain(), but what the sink has not taken by then is returned and not counted as pushed: a
  // successor may take it. Instead of drain().
  [[nodiscard]] std::vector<OutputMessage> hand_over(SteadyTime deadline);
  // Goes on counting where a predecessor ended.
  void inherit(const QueueStats& stats) { stats_.add(stats); }

  [[nodiscard]] const QueueStats& stats() const { return stats_; }
  // Messages that are in memory now: waiting, or being written.
  [[nodiscard]] std::size_t held_count();
  [[nodiscard]] SinkStore stored() const { return sink_->stored(); }
  [[nodiscard]] std::string_view name() const { return sink_->name(); }

private:
  OutputQueue(std::unique_ptr<Sink> sink, const QueueOptions& options, OutputLog log);

  void delivered(std::size_t count) override;
  void failed(std::size_t count, const Error& why) override;
  [[nodiscard]] bool is_set() const override;

  void run();
  void give_up(std::span<const OutputMessage> batch);
  bool wait_for_work(std::vector<OutputMessage>& batch, bool& wants_reopen);
  void write_all(std::span<const OutputMessage> batch);
  void tell(LogLimit& limit, const std::string& text);
  void pause_before_retry(std::chrono::milliseconds& pause);

  std::unique_ptr<Sink> sink_;
  QueueOptions options_;
  OutputLog log_;
  QueueStats stats_;

  std::mutex mutex_;
  std::condition_variable wakeup_;
  std::deque<OutputMessage> waiting_;
  std::size_t in_work_count_ = 0;  // taken out of waiting_ by the worker and still in memory
  bool is_reopen_wanted_ = false;
  bool is_closing_ = false;
  bool is_rest_wanted_ = false;
  std::vector<OutputMessage> rest_;      // the worker's until it has ended
  std::atomic<bool> is_stopped_{false};  // give up: the deadline has passed
  std::atomic<bool> is_done_{false};
  std::condition_variable done_;
  SteadyTime deadline_{};
  std::atomic<std::uint64_t> write_began_ns_{0};  // steady clock; 0: no write is running
  bool is_slow_told_ = false;
  std::mutex log_mutex_;
  std::string full_text_;  // made once: a flood of drops costs the event thread little
  LogLimit full_limit_;
  LogLimit failure_limit_;
  std::mutex join_mutex_;
  std::thread worker_;
};

}  // namespace saker
