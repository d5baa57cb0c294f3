// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/container_lookup.h"

#include <algorithm>
#include <utility>

namespace saker::containers {

ContainerLookup::ContainerLookup(const ContainerOptions& options, const ClientMaker& make)
    : options_(options) {
  for (auto& client : make(stop_)) {
    runtimes_.push_back({.client = std::move(client), .next_rest = options_.first_rest});
  }
  thread_ = std::thread([this] { run(); });
}

ContainerLookup::~ContainerLookup() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool ContainerLookup::ask(std::string_view id, std::string_view hint,
                          std::optional<std::uint32_t> owner) {
  {
    const std::lock_guard lock(mutex_);
    if (tasks_.size() >= options_.max_waiting_lookups) {
      return false;
    }
    tasks_.push_back({.id = std::string(id), .hint = std::string(hint), .owner = owner});
  }
  changed_.notify_all();
  return true;
}

std::vector<LookupAnswer> ContainerLookup::take_answers() {
  const std::lock_guard lock(mutex_);
  has_answers_.store(false, std::memory_order_relaxed);
  return std::exchange(answers_, {});
}

bool ContainerLookup::next_task(Task& task) {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const auto first = std::ranges::min_element(tasks_, {}, &Task::due);
    if (first == tasks_.end()) {
      changed_.wait(lock);
    } else if (const auto due = first->due; due > Clock::now()) {
      changed_.wait_until(lock, due);
    } else {
      task = std::move(*first);
      tasks_.erase(first);
      return true;
    }
  }
  return false;
}

void ContainerLookup::run() {
  Task task;
  while (next_task(task)) {
    if (task.tries == 0) {
      task.deadline = Clock::now() + options_.lookup_timeout;
    }
    LookupAnswer answer = look_up(task);
    finish(std::move(task), std::move(answer));
  }
}

Inspected ContainerLookup::ask_runtime(Runtime& runtime, const Task& task) {
  const auto begin = Clock::now();
  if (begin < runtime.rests_until || begin >= task.deadline) {
    return tl::unexpected(LookupFault::kUnavailable);
  }
  Inspected inspected = runtime.client->inspect(task.id, task.deadline);
  const auto end = Clock::now();
  // A slow answer of use is worth its time, unless a user decides how many there are.
  const bool is_slow =
      end - begin >= options_.slow_answer && (!inspected || runtime.client->owner().has_value());
  const bool is_away = !inspected && (inspected.error() == LookupFault::kNoRuntime ||
                                      inspected.error() == LookupFault::kStopped);
  const bool is_broken = !inspected && inspected.error() == LookupFault::kUnavailable;
  if (is_away || (!is_slow && !is_broken)) {
    runtime.next_rest = options_.first_rest;
  } else {
    runtime.rests_until = end + runtime.next_rest;
    runtime.next_rest = std::min(runtime.next_rest * 2, options_.longest_rest);
  }
  return inspected;
}

LookupAnswer ContainerLookup::look_up(const Task& task) {
  // Unavailable says more than not found, and that more than nobody there.
  constexpr auto kWeight = [](LookupFault fault) {
    return fault == LookupFault::kNoRuntime ? 0 : fault == LookupFault::kNotFound ? 1 : 2;
  };
  LookupAnswer answer{
      .id = task.id, .info = nullptr, .fault = LookupFault::kNoRuntime, .owner = task.owner};
  // The hinted one, the others, and those of users, who say what they like.
  constexpr int kTurns = 3;
  bool is_to_be_repeated = false;
  for (int turn = 0; turn < kTurns && !is_to_be_repeated; ++turn) {
    for (Runtime& runtime : runtimes_) {
      const auto owner = runtime.client->owner();
      const bool is_hinted = to_text(runtime.client->kind()) == task.hint;
      if (turn != (owner ? 2 : is_hinted ? 0 : 1) || (owner && owner != task.owner)) {
        continue;
      }
      Inspected inspected = ask_runtime(runtime, task);
      if (inspected) {
        answer.info = std::make_shared<const ContainerInfo>(std::move(*inspected));
        return answer;
      }
      if (kWeight(inspected.error()) > kWeight(answer.fault)) {
        answer.fault = inspected.error();
      }
      // The one that made the container may just not have listed it yet; what the others say, or
      // how long they take to say it, must not come in between.
      is_to_be_repeated |= turn == 0 && inspected.error() == LookupFault::kNotFound &&
                           task.tries + 1 < options_.max_tries &&
                           Clock::now() + options_.lookup_timeout / 2 < task.deadline;
    }
  }
  answer.fault = is_to_be_repeated ? LookupFault::kNotFound : answer.fault;
  return answer;
}

void ContainerLookup::finish(Task task, LookupAnswer answer) {
  const std::lock_guard lock(mutex_);
  ++task.tries;
  if (answer.info == nullptr && answer.fault == LookupFault::kNotFound &&
      task.tries < options_.max_tries && Clock::now() + options_.retry_interval < task.deadline) {
    task.due = Clock::now() + options_.retry_interval;
    tasks_.push_back(std::move(task));
    return;
  }
  answers_.push_back(std::move(answer));
  has_answers_.store(true, std::memory_order_release);
}

}  // namespace saker::containers
