// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The open file descriptors of one process: number -> FdInfo. Low numbers index a vector, others a
// sorted vector. Copied on write after fork: Thread holds Ref<FdTable>, and whoever changes a
// shared table clones it first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/pool.h"
#include "engine/state/fd_info.h"

namespace saker {

struct FdTable : Pooled<FdTable> {
public:
  // Null when the number is not open.
  [[nodiscard]] FdInfo* find(std::int64_t fd) const {
    if (fd >= 0 && static_cast<std::uint64_t>(fd) < low_.size()) {
      return low_[static_cast<std::size_t>(fd)].get();
    }
    return find_high(fd);
  }
  [[nodiscard]] Ref<FdInfo> get(std::int64_t fd) const;

  // Puts `info` at `fd`, replacing what is there. Returns false, changing nothing, when the table
  // holds `limit` fds.
  bool set(std::int64_t fd, Ref<FdInfo> info, std::size_t limit);
  // Returns whether something was there.
  bool erase(std::int64_t fd);
  void clear();
  void copy_from(const FdTable& other);

  [[nodiscard]] std::size_t size() const { return count_; }

  // Calls `visit(fd, info)` for each, in ascending order.
  template <typename Visitor>
  void for_each(Visitor&& visit) const {
    for (std::size_t i = 0; i < low_.size(); ++i) {
      if (low_[i]) {
        visit(static_cast<std::int64_t>(i), *low_[i]);
      }
    }
    for (const auto& [fd, info] : high_) {
      visit(fd, *info);
    }
  }

  void reset() { clear(); }  // for the pool

private:
  static constexpr std::size_t kLowFds = 1024;

  [[nodiscard]] FdInfo* find_high(std::int64_t fd) const;

  std::vector<Ref<FdInfo>> low_;
  std::vector<std::pair<std::int64_t, Ref<FdInfo>>> high_;  // sorted by number
  std::size_t count_ = 0;
};

}  // namespace saker
