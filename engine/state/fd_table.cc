// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/fd_table.h"

#include <algorithm>
#include <utility>

namespace saker {

namespace {

using Entry = std::pair<std::int64_t, Ref<FdInfo>>;

[[nodiscard]] auto lower_bound(auto& entries, std::int64_t fd) {
  return std::ranges::lower_bound(entries, fd, {}, &Entry::first);
}

}  // namespace

FdInfo* FdTable::find_high(std::int64_t fd) const {
  if (high_.empty()) {
    return nullptr;
  }
  const auto at = lower_bound(high_, fd);
  return at != high_.end() && at->first == fd ? at->second.get() : nullptr;
}

Ref<FdInfo> FdTable::get(std::int64_t fd) const {
  return Ref<FdInfo>(find(fd));
}

void FdTable::set(std::int64_t fd, Ref<FdInfo> info) {
  if (fd >= 0 && fd < static_cast<std::int64_t>(kLowFds)) {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= low_.size()) {
      low_.resize(index + 1);
    }
    if (!low_[index]) {
      count_new();
    }
    low_[index] = std::move(info);
    return;
  }
  const auto at = lower_bound(high_, fd);
  if (at != high_.end() && at->first == fd) {
    at->second = std::move(info);
    return;
  }
  high_.emplace(at, fd, std::move(info));
  count_new();
}

bool FdTable::erase(std::int64_t fd) {
  if (fd >= 0 && static_cast<std::uint64_t>(fd) < low_.size()) {
    Ref<FdInfo>& slot = low_[static_cast<std::size_t>(fd)];
    if (!slot) {
      return false;
    }
    slot.reset();
    count_gone(1);
    return true;
  }
  const auto at = lower_bound(high_, fd);
  if (at == high_.end() || at->first != fd) {
    return false;
  }
  high_.erase(at);
  count_gone(1);
  return true;
}

void FdTable::clear() {
  low_.clear();
  high_.clear();
  if (count_ > 0) {
    count_gone(count_);
  }
}

void FdTable::reset() {
  constexpr std::size_t kKeptSlots = 256;
  clear();
  if (low_.capacity() > kKeptSlots) {
    low_.shrink_to_fit();
  }
  if (high_.capacity() > kKeptSlots) {
    high_.shrink_to_fit();
  }
}

void FdTable::copy_from(const FdTable& other, std::size_t count) {
  clear();
  if (count >= other.count_) {
    low_ = other.low_;
    high_ = other.high_;
    count_ = other.count_;
    budget_->used += count_;
    return;
  }
  for (std::size_t i = 0; i < other.low_.size() && count_ < count; ++i) {
    if (other.low_[i]) {
      set(static_cast<std::int64_t>(i), other.low_[i]);
    }
  }
  for (std::size_t i = 0; i < other.high_.size() && count_ < count; ++i) {
    set(other.high_[i].first, other.high_[i].second);
  }
}

}  // namespace saker
