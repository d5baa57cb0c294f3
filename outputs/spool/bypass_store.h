// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Goes on when the spool's disk does not: while nothing can be written there, records pass through
// a small store in memory, so that a full disk does not silence a sink whose receiver is there.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "outputs/spool/memory_store.h"
#include "outputs/spool/record_store.h"

namespace saker {

class BypassStore final : public RecordStore {
public:
  // At most `capacity` records are outside the spool; then append() fails. It does so at once when
  // the spool has reached its own limit (kLimit).
  BypassStore(std::unique_ptr<RecordStore> spool, std::size_t capacity);

  [[nodiscard]] Result<DropCount> append(std::span<DeliveryRecord> records) override;
  [[nodiscard]] Result<std::vector<DeliveryRecord>> next(
      std::size_t limit, std::size_t limit_bytes,
      const std::set<std::string>& without_keys) override;
  [[nodiscard]] Result<std::uint64_t> settle(std::span<const Settlement> settlements) override;
  [[nodiscard]] Result<DropCount> expire(std::uint64_t now_ns) override;
  [[nodiscard]] StoreCounts counts() const override;
  [[nodiscard]] std::uint64_t finish() override;
  [[nodiscard]] bool survives_restart() const override;

  // Records that are only in memory.
  [[nodiscard]] std::uint64_t bypassed_count() const { return memory_.counts().waiting; }

private:
  Result<DropCount> move_to_spool();

  std::unique_ptr<RecordStore> spool_;
  MemoryStore memory_;
  std::chrono::steady_clock::time_point next_move_;
  // Since when the spool cannot be read; touched by next() only.
  std::optional<std::chrono::steady_clock::time_point> unreadable_since_;
  std::mutex mutex_;               // of append() against handing out memory's records
  bool is_memory_handed_ = false;  // the transport has records of `memory_`
};

}  // namespace saker
