// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A store without a file: for sinks whose spool is switched off, and while the disk is full.
#pragma once

#include <deque>
#include <mutex>

#include "outputs/spool/record_store.h"

namespace saker {

class MemoryStore final : public RecordStore {
public:
  // Holds at most this many records; append() fails with kLimit then, so that the queue in front
  // keeps its own bound and policy. Sequences start at `first_sequence`.
  explicit MemoryStore(std::size_t capacity, std::int64_t first_sequence = 1);

  [[nodiscard]] Result<DropCount> append(std::span<DeliveryRecord> records) override;
  [[nodiscard]] Result<std::vector<DeliveryRecord>> next(
      std::size_t limit, std::size_t limit_bytes,
      const std::set<std::string>& without_keys) override;
  // What is set aside is gone: there is nowhere to keep it.
  [[nodiscard]] Result<std::uint64_t> settle(std::span<const Settlement> settlements) override;
  [[nodiscard]] Result<DropCount> expire(std::uint64_t now_ns) override;
  [[nodiscard]] StoreCounts counts() const override;
  [[nodiscard]] std::uint64_t finish() override { return counts().waiting; }
  [[nodiscard]] bool survives_restart() const override { return false; }

  // Takes everything out.
  [[nodiscard]] std::vector<DeliveryRecord> take_all();

private:
  mutable std::mutex mutex_;
  std::size_t capacity_;
  std::int64_t next_sequence_;
  std::deque<DeliveryRecord> records_;  // sorted by sequence
};

}  // namespace saker
