// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/preparing_sink.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace saker {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

PreparingSink::PreparingSink(std::unique_ptr<Sink> inner, std::optional<Redactor> redactor,
                             std::optional<FoldOptions> fold)
    : inner_(std::move(inner)), redactor_(std::move(redactor)) {
  if (fold) {
    folder_.emplace(std::move(*fold));
  }
}

Status PreparingSink::open(DeliveryObserver& observer, const StopSignal& stop) {
  observer_ = &observer;
  stop_ = &stop;
  return inner_->open(observer, stop);
}

WriteResult PreparingSink::write(std::span<const OutputMessage> batch) {
  if (const WriteResult earlier = write_waiting(); !waiting_.empty()) {
    return {0, earlier.status, true};
  }
  const SteadyTime now = Clock::now();
  for (const OutputMessage& message : batch) {
    if (!folder_ || !folder_->fold(message, now)) {
      waiting_.push_back(redactor_ ? redactor_->apply(message) : message);
    }
  }
  close_windows(now);
  static_cast<void>(write_waiting());
  return WriteResult::all(batch.size());
}

// A summary counts as one of the messages that it stands for; the others are as good as delivered.
void PreparingSink::close_windows(SteadyTime now) {
  if (!folder_) {
    return;
  }
  for (Folder::Summary& summary : folder_->close_windows(now)) {
    if (summary.folded_count > 1) {
      observer_->delivered(summary.folded_count - 1);
    }
    waiting_.push_back(redactor_ ? redactor_->apply(summary.message) : summary.message);
  }
}

// What the inner sink refuses for good is dropped, one message at a time, as the queue does.
WriteResult PreparingSink::write_waiting() {
  while (!waiting_.empty()) {
    const WriteResult result = inner_->write(waiting_);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(result.taken));
    if (waiting_.empty() || result.is_retryable) {
      return result;
    }
    waiting_.erase(waiting_.begin());
    observer_->failed(1, result.status ? Error{} : result.status.error());
  }
  return {};
}

void PreparingSink::idle() {
  close_windows(Clock::now());
  static_cast<void>(write_waiting());
  inner_->idle();
}

SteadyTime PreparingSink::next_wake() const {
  constexpr std::chrono::milliseconds kRetry{200};
  const SteadyTime end = folder_ ? folder_->next_end() : SteadyTime::max();
  return waiting_.empty() ? end : std::min(end, Clock::now() + kRetry);
}

void PreparingSink::write_all_waiting(SteadyTime deadline) {
  // An inner sink that is full now has room as soon as its receiver has taken something.
  constexpr std::chrono::milliseconds kPause{20};
  static_cast<void>(write_waiting());
  while (!waiting_.empty() && !stop_->is_set() && Clock::now() < deadline) {
    std::this_thread::sleep_for(kPause);
    static_cast<void>(write_waiting());
  }
}

Status PreparingSink::drain(SteadyTime deadline) {
  close_windows(SteadyTime::max());
  write_all_waiting(deadline);
  if (!waiting_.empty()) {
    observer_->failed(waiting_.size(),
                      Error{ErrorCode::kIo, std::to_string(waiting_.size()) +
                                                " alerts not delivered before the end"});
  }
  return inner_->drain(deadline);
}

}  // namespace saker
