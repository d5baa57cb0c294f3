// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/fd_table.h"

#include <algorithm>

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

bool FdTable::set(std::int64_t fd, Ref<FdInfo> info, std::size_t limit) {
  if (fd >= 0 && fd < static_cast<std::int64_t>(kLowFds)) {
    const auto index = static_cast<std::size_t>(fd);
    const bool is_new = index >= low_.size() || !low_[index];
    if (is_new && count_ >= limit) {
      return false;
    }
    if (index >= low_.size()) {
      low_.resize(index + 1);
    }
    count_ += is_new ? 1U : 0U;
    low_[index] = std::move(info);
    return true;
  }
  const auto at = lower_bound(high_, fd);
  if (at != high_.end() && at->first == fd) {
    at->second = std::move(info);
    return true;
  }
  if (count_ >= limit) {
    return false;
  }
  high_.emplace(at, fd, std::move(info));
  ++count_;
  return true;
}

bool FdTable::erase(std::int64_t fd) {
  if (fd >= 0 && static_cast<std::uint64_t>(fd) < low_.size()) {
    Ref<FdInfo>& slot = low_[static_cast<std::size_t>(fd)];
    if (!slot) {
      return false;
    }
    slot.reset();
    --count_;
    return true;
  }
  const auto at = lower_bound(high_, fd);
  if (at == high_.end() || at->first != fd) {
    return false;
  }
  high_.erase(at);
  --count_;
  return true;
}

void FdTable::clear() {
  low_.clear();
  high_.clear();
  count_ = 0;
}

void FdTable::copy_from(const FdTable& other) {
  low_ = other.low_;
  high_ = other.high_;
  count_ = other.count_;
}

}  // namespace saker
