// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/alert_order.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace saker::app {

AlertOrder::AlertOrder(std::size_t workers, Deliver deliver)
    : deliver_(std::move(deliver)), added_(workers), ready_(workers), reached_(workers) {}

void AlertOrder::add(std::size_t worker, std::uint64_t number, OutputMessage message) {
  added_[worker].push_back({number, std::move(message)});
}

void AlertOrder::advance(std::size_t worker, std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  std::ranges::move(added_[worker], std::back_inserter(ready_[worker]));
  added_[worker].clear();
  reached_[worker] = number;
  const std::uint64_t certain = std::ranges::min(reached_);
  // An event belongs to one worker, so no two workers have alerts for the same.
  std::vector<Pending> due;
  for (std::vector<Pending>& pending : ready_) {
    const auto end = std::ranges::upper_bound(pending, certain, {}, &Pending::number);
    std::move(pending.begin(), end, std::back_inserter(due));
    pending.erase(pending.begin(), end);
  }
  std::ranges::stable_sort(due, {}, &Pending::number);
  for (const Pending& pending : due) {
    deliver_(pending.message);
  }
}

}  // namespace saker::app
