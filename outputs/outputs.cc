// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/outputs.h"

namespace saker {

Status Outputs::add(std::unique_ptr<Sink> sink, const QueueOptions& options, OutputLog log) {
  SAKER_ASSIGN_OR_RETURN(auto queue, OutputQueue::start(std::move(sink), options, std::move(log)));
  queues_.push_back(std::move(queue));
  return {};
}

void Outputs::push(const OutputMessage& message) {
  for (const auto& queue : queues_) {
    queue->push(message);
  }
}

void Outputs::reopen() {
  for (const auto& queue : queues_) {
    queue->reopen();
  }
}

void Outputs::check_slow_writes() {
  for (const auto& queue : queues_) {
    queue->check_slow_write();
  }
}

void Outputs::drain(SteadyTime deadline) {
  for (const auto& queue : queues_) {
    queue->drain(deadline);
  }
}

std::uint64_t Outputs::dropped_count() const {
  std::uint64_t total = 0;
  for (const auto& queue : queues_) {
    total += queue->stats().dropped_full.load(std::memory_order_relaxed);
  }
  return total;
}

}  // namespace saker
