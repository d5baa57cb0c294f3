// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/outputs.h"

#include <algorithm>
#include <utility>

namespace saker {

namespace {

// A pause lasts seconds at most; more than this in that time is a flood.
constexpr std::size_t kMaxKept = 65536;

}  // namespace

Status Outputs::add(std::unique_ptr<Sink> sink, const QueueOptions& options, OutputLog log) {
  SAKER_ASSIGN_OR_RETURN(auto queue, OutputQueue::start(std::move(sink), options, std::move(log)));
  const std::lock_guard lock(mutex_);
  queues_.push_back(std::move(queue));
  return {};
}

void Outputs::push(const OutputMessage& message) {
  const std::lock_guard lock(mutex_);
  push_to_queues(message);
  for (const MissingOutput& missing : missing_) {
    QueueStats& stats = ended_[missing.name].stats;
    ++stats.pushed;
    ++stats.dropped_refused;
  }
  if (paused_.empty()) [[likely]] {
    return;
  }
  if (kept_.size() < kMaxKept) {
    kept_.push_back(message);
  } else {
    ++kept_dropped_;
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

void Outputs::pause(const Names& names, SteadyTime deadline) {
  Queues ending;
  {
    const std::lock_guard lock(mutex_);
    paused_ = names;
    std::erase_if(missing_,
                  [&](const MissingOutput& missing) { return names.contains(missing.name); });
    const auto first =
        std::stable_partition(queues_.begin(), queues_.end(),
                              [&](const auto& queue) { return !names.contains(queue->name()); });
    ending.assign(first, queues_.end());
    queues_.erase(first, queues_.end());
  }
  for (const auto& queue : ending) {
    std::vector<OutputMessage> rest = queue->hand_over(deadline);
    const std::lock_guard lock(mutex_);
    Ended& ended = ended_[std::string(queue->name())];
    ended.stats.add(queue->stats());
    ended.rest = std::move(rest);
  }
}

void Outputs::resume(Outputs&& next, std::vector<MissingOutput> missing) {
  Queues queues = std::exchange(next.queues_, {});
  const std::lock_guard lock(mutex_);
  for (const auto& queue : queues) {
    take_over(queue);
  }
  missing_.insert(missing_.end(), missing.begin(), missing.end());
  for (const std::string& name : paused_) {
    const bool is_missing = std::ranges::find(missing, name, &MissingOutput::name) != missing.end();
    if (const auto ended = ended_.find(name); ended != ended_.end() || is_missing) {
      drop(ended_[name], is_missing);
    }
  }
  paused_.clear();
  kept_.clear();
}

void Outputs::take_over(const std::shared_ptr<OutputQueue>& queue) {
  if (auto ended = ended_.extract(std::string(queue->name())); !ended.empty()) {
    queue->inherit(ended.mapped().stats);
    for (OutputMessage& message : ended.mapped().rest) {
      queue->push(std::move(message));
    }
  }
  for (const OutputMessage& message : kept_) {
    queue->push(message);
  }
  queues_.push_back(queue);
}

void Outputs::drop(Ended& ended, bool is_missing) {
  // What came meanwhile is not meant for an output that is no longer wanted.
  const std::size_t count = ended.rest.size() + (is_missing ? kept_.size() : 0);
  ended.stats.pushed += count;
  ended.stats.dropped_refused += count;
  ended.rest.clear();
}

std::uint64_t Outputs::dropped_count() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t total = kept_dropped_;
  for (const auto& queue : queues_) {
    total += queue->stats().dropped_full;
  }
  for (const auto& [name, ended] : ended_) {
    total += ended.stats.dropped_full;
  }
  return total;
}

Outputs::Queues Outputs::queues() const {
  const std::lock_guard lock(mutex_);
  return queues_;
}

std::vector<MissingOutput> Outputs::missing() const {
  const std::lock_guard lock(mutex_);
  return missing_;
}

std::map<std::string, std::unique_ptr<QueueStats>> Outputs::earlier() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::unique_ptr<QueueStats>> result;
  for (const auto& [name, ended] : ended_) {
    result.emplace(name, std::make_unique<QueueStats>()).first->second->add(ended.stats);
  }
  return result;
}

}  // namespace saker
