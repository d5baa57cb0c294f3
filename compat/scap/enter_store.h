// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The last enter event of each thread of an old capture, kept until its exit event takes the
// parameters over. Bounded: a capture can name any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/base/bytes.h"

namespace saker::scap {

class EnterStore {
public:
  static constexpr std::size_t kMaxThreads = std::size_t{1} << 18;
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

  // Remembers a copy of `record` instead of an older one. False when the store is full; then
  // nothing is remembered for the thread.
  bool put(std::int64_t tid, Bytes record);

  // Empty when nothing is remembered. Borrowed until the next put(), forget() or clear().
  [[nodiscard]] Bytes get(std::int64_t tid) const;

  void forget(std::int64_t tid);
  void clear();

  [[nodiscard]] std::size_t thread_count() const { return records_.size(); }
  [[nodiscard]] std::size_t used_bytes() const { return used_bytes_; }

private:
  // Threads whose record was taken stay with an empty one, so that a steady capture does not
  // allocate; they go when room is needed.
  void remove_taken();

  std::unordered_map<std::int64_t, std::vector<std::byte>> records_;
  std::size_t used_bytes_ = 0;  // capacities of all records
};

}  // namespace saker::scap
