// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/spool/memory_store.h"

#include <algorithm>
#include <iterator>

namespace saker {

MemoryStore::MemoryStore(std::size_t capacity, std::int64_t first_sequence)
    : capacity_(capacity), next_sequence_(first_sequence) {}

Result<DropCount> MemoryStore::append(std::span<DeliveryRecord> records) {
  const std::lock_guard guard(mutex_);
  // A batch that is larger than the whole store still gets through once the store is empty.
  if (!records_.empty() && records_.size() + records.size() > capacity_) {
    return fail(ErrorCode::kLimit, std::to_string(records_.size()) + " alerts are on their way");
  }
  for (DeliveryRecord& record : records) {
    record.sequence = next_sequence_++;
    records_.push_back(record);
  }
  return DropCount{};
}

Result<std::vector<DeliveryRecord>> MemoryStore::next(std::size_t limit, std::size_t limit_bytes,
                                                      const std::set<std::string>& without_keys) {
  const std::lock_guard guard(mutex_);
  std::vector<DeliveryRecord> result;
  std::size_t bytes = 0;
  for (const DeliveryRecord& record : records_) {
    if (result.size() >= limit || bytes >= limit_bytes) {
      break;
    }
    if (!without_keys.contains(record.key)) {
      bytes += stored_size(record);
      result.push_back(record);
    }
  }
  return result;
}

Result<std::uint64_t> MemoryStore::settle(std::span<const Settlement> settlements) {
  const std::lock_guard guard(mutex_);
  std::uint64_t own = 0;
  for (const Settlement& settlement : settlements) {
    const auto found =
        std::ranges::lower_bound(records_, settlement.sequence, {}, &DeliveryRecord::sequence);
    if (found == records_.end() || found->sequence != settlement.sequence) {
      continue;
    }
    if (settlement.kind == Settlement::Kind::kCountTry) {
      found->tries += 1;
      found->last_error = settlement.reason;
    } else {
      records_.erase(found);
      ++own;
    }
  }
  return own;
}

Result<DropCount> MemoryStore::expire(std::uint64_t /*now_ns*/) {
  return DropCount{};
}

StoreCounts MemoryStore::counts() const {
  const std::lock_guard guard(mutex_);
  StoreCounts counts;
  counts.waiting = records_.size();
  for (const DeliveryRecord& record : records_) {
    counts.waiting_bytes += stored_size(record);
  }
  return counts;
}

std::vector<DeliveryRecord> MemoryStore::take_all() {
  const std::lock_guard guard(mutex_);
  std::vector<DeliveryRecord> all(std::make_move_iterator(records_.begin()),
                                  std::make_move_iterator(records_.end()));
  records_.clear();
  return all;
}

}  // namespace saker
