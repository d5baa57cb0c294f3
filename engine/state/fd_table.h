// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The open file descriptors of one process: number -> FdInfo. Low numbers index a vector, others a
// sorted vector. Copied on write after fork: Files holds Ref<FdTable>, and whoever changes a shared
// table clones it first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/pool.h"
#include "engine/state/fd_info.h"

namespace saker {

// How many fds all tables together may hold.
struct FdBudget {
  std::size_t max = 0;
  std::size_t used = 0;
};

struct FdTable : Pooled<FdTable> {
public:
  // What its fds count against; must outlive the table, and be set before the first fd.
  void set_budget(FdBudget& budget) { budget_ = &budget; }

  // Null when the number is not open.
  [[nodiscard]] FdInfo* find(std::int64_t fd) const {
    if (fd >= 0 && static_cast<std::uint64_t>(fd) < low_.size()) {
      return low_[static_cast<std::size_t>(fd)].get();
    }
    return find_high(fd);
  }
  [[nodiscard]] Ref<FdInfo> get(std::int64_t fd) const;

  // Puts `info` at `fd`, replacing what is there.
  void set(std::int64_t fd, Ref<FdInfo> info);
  // Returns whether something was there.
  bool erase(std::int64_t fd);
  void clear();
  // Becomes a copy of the lowest `count` fds of the other.
  void copy_from(const FdTable& other, std::size_t count);

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

  void reset();  // for the pool: keeps the memory of a usual table only

private:
  static constexpr std::size_t kLowFds = 1024;

  [[nodiscard]] FdInfo* find_high(std::int64_t fd) const;
  void count_new() {
    ++count_;
    ++budget_->used;
  }
  void count_gone(std::size_t amount) {
    count_ -= amount;
    budget_->used -= amount;
  }

  FdBudget* budget_ = nullptr;
  std::vector<Ref<FdInfo>> low_;
  std::vector<std::pair<std::int64_t, Ref<FdInfo>>> high_;  // sorted by number
  std::size_t count_ = 0;
};

// What processes and threads that were made with CLONE_FILES have in common: a change by one is
// seen by all.
struct Files : Pooled<Files> {
  Ref<FdTable> table;  // never null in use
  void reset() { table.reset(); }
};

}  // namespace saker
