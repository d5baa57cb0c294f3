// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/outputs.h"

#include <utility>

namespace saker {

namespace {

// A pause lasts seconds at most; more than this in that time is a flood.
constexpr std::size_t kMaxKept = 65536;

std::uint64_t dropped_by(const OutputQueue& queue) {
  return queue.stats().dropped_full.load(std::memory_order_relaxed);
}

}  // namespace

Status Outputs::add(std::unique_ptr<Sink> sink, const QueueOptions& options, OutputLog log) {
  SAKER_ASSIGN_OR_RETURN(auto queue, OutputQueue::start(std::move(sink), options, std::move(log)));
  const std::lock_guard lock(mutex_);
  queues_.push_back(std::move(queue));
  return {};
}

void Outputs::push(const OutputMessage& message) {
  const std::lock_guard lock(mutex_);
  if (!is_paused_) [[likely]] {
    push_to_queues(message);
  } else if (kept_.size() < kMaxKept) {
    kept_.push_back(message);
  } else {
    ++earlier_dropped_;
  }
}

void Outputs::push_to_queues(const OutputMessage& message) {
  for (const auto& queue : queues_) {
    queue->push(message);
  }
}

void Outputs::reopen() {
  for (const auto& queue : queues()) {
    queue->reopen();
  }
}

void Outputs::check_slow_writes() {
  for (const auto& queue : queues()) {
    queue->check_slow_write();
  }
}

void Outputs::drain(SteadyTime deadline) {
  for (const auto& queue : queues()) {
    queue->drain(deadline);
  }
}

void Outputs::pause(SteadyTime deadline) {
  Queues ended;
  {
    const std::lock_guard lock(mutex_);
    is_paused_ = true;
    ended = std::exchange(queues_, {});
  }
  for (const auto& queue : ended) {
    queue->drain(deadline);
  }
  const std::lock_guard lock(mutex_);
  for (const auto& queue : ended) {
    earlier_dropped_ += dropped_by(*queue);
  }
}

void Outputs::resume(Outputs&& next) {
  Queues queues = std::exchange(next.queues_, {});
  const std::lock_guard lock(mutex_);
  queues_ = std::move(queues);
  is_paused_ = false;
  for (const OutputMessage& message : std::exchange(kept_, {})) {
    push_to_queues(message);
  }
}

std::uint64_t Outputs::dropped_count() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t total = earlier_dropped_;
  for (const auto& queue : queues_) {
    total += dropped_by(*queue);
  }
  return total;
}

Outputs::Queues Outputs::queues() const {
  const std::lock_guard lock(mutex_);
  return queues_;
}

}  // namespace saker
