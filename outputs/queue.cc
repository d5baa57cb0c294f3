// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/queue.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "outputs/clocks.h"

namespace saker {

void QueueStats::add(const QueueStats& other) {
  filtered += other.filtered;
  pushed += other.pushed;
  dropped_full += other.dropped_full;
  dropped_refused += other.dropped_refused;
  taken += other.taken;
  delivered += other.delivered;
  failed += other.failed;
  retries += other.retries;
}

Result<std::unique_ptr<OutputQueue>> OutputQueue::start(std::unique_ptr<Sink> sink,
                                                        const QueueOptions& options,
                                                        OutputLog log) {
  std::unique_ptr<OutputQueue> queue(new OutputQueue(std::move(sink), options, std::move(log)));
  SAKER_RETURN_IF_ERROR(queue->sink_->open(*queue, *queue));
  queue->worker_ = std::thread([raw = queue.get()] { raw->run(); });
  return queue;
}

OutputQueue::OutputQueue(std::unique_ptr<Sink> sink, const QueueOptions& options, OutputLog log)
    : sink_(std::move(sink)),
      options_(options),
      log_(std::move(log)),
      full_text_("Outputs queue out of memory. Drop event and continue on (output \"" +
                 std::string(name()) + "\", capacity " + std::to_string(options_.capacity) + ")"),
      full_limit_(options.log_pause),
      failure_limit_(options.log_pause) {}

OutputQueue::~OutputQueue() {
  drain(std::chrono::steady_clock::now());
}

bool OutputQueue::push(OutputMessage message) {
  if (!accepts(options_.filter, message)) {
    stats_.filtered.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  stats_.pushed.fetch_add(1, std::memory_order_relaxed);
  {
    const std::lock_guard lock(mutex_);
    if (is_done_) {
      stats_.dropped_refused.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    if (options_.capacity == 0 || waiting_.size() < options_.capacity) {
      waiting_.push_back(std::move(message));
      if (waiting_.size() == 1) {
        wakeup_.notify_one();
      }
      return true;
    }
  }
  stats_.dropped_full.fetch_add(1, std::memory_order_relaxed);
  tell(full_limit_, full_text_);
  return false;
}

void OutputQueue::tell(LogLimit& limit, const std::string& text) {
  std::optional<std::string> line;
  {
    const std::lock_guard lock(log_mutex_);
    line = limit.told(text, std::chrono::steady_clock::now());
  }
  if (line) {
    log_(Priority::kError, *line);
  }
}

std::size_t OutputQueue::held_count() {
  const std::lock_guard lock(mutex_);
  return waiting_.size() + in_work_count_;
}

void OutputQueue::reopen() {
  const std::lock_guard lock(mutex_);
  is_reopen_wanted_ = true;
  wakeup_.notify_one();
}

void OutputQueue::check_slow_write() {
  const std::uint64_t began_ns = write_began_ns_.load(std::memory_order_relaxed);
  const std::chrono::nanoseconds spent(began_ns == 0 ? 0 : steady_clock_ns() - began_ns);
  const bool is_slow = began_ns != 0 && spent > options_.slow_write;
  if (is_slow && !is_slow_told_) {
    log_(Priority::kCritical,
         "\"" + std::string(name()) + "\" output timeout, its alerts wait (other outputs go on)");
  }
  is_slow_told_ = is_slow;
}

void OutputQueue::drain(SteadyTime deadline) {
  {
    std::unique_lock lock(mutex_);
    if (!std::exchange(is_closing_, true)) {
      deadline_ = deadline;
    }
    wakeup_.notify_one();
    if (!done_.wait_until(lock, deadline, [this] { return is_done_.load(); })) {
      is_stopped_ = true;
      wakeup_.notify_one();
    }
  }
  const std::lock_guard lock(join_mutex_);
  if (worker_.joinable()) {
    worker_.join();
  }
}

std::vector<OutputMessage> OutputQueue::hand_over(SteadyTime deadline) {
  {
    const std::lock_guard lock(mutex_);
    is_rest_wanted_ = true;
  }
  drain(deadline);
  return std::exchange(rest_, {});
}

void OutputQueue::delivered(std::size_t count) {
  stats_.delivered.fetch_add(count, std::memory_order_relaxed);
}

void OutputQueue::failed(std::size_t count, const Error& why) {
  stats_.failed.fetch_add(count, std::memory_order_relaxed);
  if (!why.message.empty()) {
    tell(failure_limit_, std::string(name()) + " output: " + why.message);
  }
}

bool OutputQueue::is_set() const {
  return is_stopped_.load(std::memory_order_relaxed);
}

void OutputQueue::run() {
  std::vector<OutputMessage> batch;
  bool wants_reopen = false;
  while (wait_for_work(batch, wants_reopen)) {
    if (wants_reopen) {
      // It can wait too: for a program that goes on after the end of its input.
      write_began_ns_.store(steady_clock_ns(), std::memory_order_relaxed);
      const Status status = sink_->reopen();
      write_began_ns_.store(0, std::memory_order_relaxed);
      if (!status) {
        log_(Priority::kError, std::string(name()) + " output: " + status.error().message);
      }
    }
    write_all(batch);
    batch.clear();
    sink_->idle();
  }
  if (const Status status = sink_->drain(deadline_); !status) {
    log_(Priority::kError, std::string(name()) + " output: " + status.error().message);
  }
  const std::lock_guard lock(mutex_);
  is_done_ = true;
  done_.notify_all();
}

// Takes the oldest of what waits; nothing when the sink wanted to be woken. False: nothing waits,
// and nothing more will come.
bool OutputQueue::wait_for_work(std::vector<OutputMessage>& batch, bool& wants_reopen) {
  std::unique_lock lock(mutex_);
  in_work_count_ = 0;
  const auto has_work = [this] { return !waiting_.empty() || is_reopen_wanted_ || is_closing_; };
  if (const SteadyTime wake = sink_->next_wake(); wake == SteadyTime::max()) {
    wakeup_.wait(lock, has_work);
  } else {
    wakeup_.wait_until(lock, wake, has_work);
  }
  const std::size_t count = std::min(waiting_.size(), options_.batch_limit);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
  batch.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  in_work_count_ = batch.size();
  wants_reopen = std::exchange(is_reopen_wanted_, false);
  return !batch.empty() || wants_reopen || !is_closing_;
}

void OutputQueue::give_up(std::span<const OutputMessage> batch) {
  {
    const std::lock_guard lock(mutex_);
    if (is_rest_wanted_) {
      rest_.insert(rest_.end(), batch.begin(), batch.end());
      stats_.pushed.fetch_sub(batch.size(), std::memory_order_relaxed);
      return;
    }
  }
  stats_.dropped_refused.fetch_add(batch.size(), std::memory_order_relaxed);
  log_(Priority::kError, std::string(name()) + " output: " + std::to_string(batch.size()) +
                             " alerts not delivered before the end");
}

void OutputQueue::write_all(std::span<const OutputMessage> batch) {
  auto pause = options_.first_retry;
  while (!batch.empty()) {
    if (is_set()) {
      give_up(batch);
      return;
    }
    const auto part = batch.first(std::min(batch.size(), options_.batch_limit));
    write_began_ns_.store(steady_clock_ns(), std::memory_order_relaxed);
    const WriteResult result = sink_->write(part);
    write_began_ns_.store(0, std::memory_order_relaxed);
    stats_.taken.fetch_add(result.taken, std::memory_order_relaxed);
    batch = batch.subspan(result.taken);
    if (result.taken == part.size()) {
      pause = options_.first_retry;
      continue;
    }
    if (result.is_retryable) {
      stats_.retries.fetch_add(1, std::memory_order_relaxed);
      pause_before_retry(pause);
      continue;
    }
    stats_.dropped_refused.fetch_add(1, std::memory_order_relaxed);
    batch = batch.subspan(1);
    if (!result.status) {
      tell(failure_limit_, std::string(name()) + " output: " + result.status.error().message);
    }
  }
}

void OutputQueue::pause_before_retry(std::chrono::milliseconds& pause) {
  std::unique_lock lock(mutex_);
  wakeup_.wait_for(lock, pause, [this] { return is_stopped_.load(); });
  pause = std::min(pause * 2, options_.longest_retry);
}

}  // namespace saker
