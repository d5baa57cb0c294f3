// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/spool/bypass_store.h"

#include <iterator>
#include <vector>

namespace saker {

namespace {

// Sequences of records in memory start here; the spool's never come near.
constexpr std::int64_t kFirstInMemory = std::int64_t{1} << 62;

}  // namespace

BypassStore::BypassStore(std::unique_ptr<RecordStore> spool, std::size_t capacity)
    : spool_(std::move(spool)), memory_(capacity, kFirstInMemory) {}

Result<DropCount> BypassStore::append(std::span<DeliveryRecord> records) {
  const std::lock_guard guard(mutex_);
  // Older records in memory go into the spool first, so that order is kept.
  if (bypassed_count() > 0 && !is_memory_handed_) {
    std::vector<DeliveryRecord> all = memory_.take_all();
    auto moved = spool_->append(all);
    if (!moved) {
      static_cast<void>(memory_.append(all));
    } else {
      auto added = spool_->append(records);
      if (!added) {
        return memory_.append(records);
      }
      return DropCount{moved->all + added->all, moved->own + added->own};
    }
  }
  if (bypassed_count() > 0) {
    return memory_.append(records);
  }
  auto added = spool_->append(records);
  if (added || added.error().code == ErrorCode::kRejected) {
    return added;
  }
  if (auto bypassed = memory_.append(records); bypassed) {
    return bypassed;
  }
  return added;
}

Result<std::vector<DeliveryRecord>> BypassStore::next(std::size_t limit, std::size_t limit_bytes,
                                                      const std::set<std::string>& without_keys) {
  auto records = spool_->next(limit, limit_bytes, without_keys);
  // A spool that cannot be read just now still holds the older records: they go first.
  if (!records || !records->empty()) {
    return records;
  }
  const std::lock_guard guard(mutex_);
  // Nothing to hand out is not nothing stored: what came in between, or is held back, is older too.
  if (spool_->counts().waiting > 0) {
    return records;
  }
  auto bypassed = memory_.next(limit, limit_bytes, without_keys);
  is_memory_handed_ = bypassed && !bypassed->empty();
  return is_memory_handed_ ? std::move(bypassed) : std::move(records);
}

Result<std::uint64_t> BypassStore::settle(std::span<const Settlement> settlements) {
  // A batch never mixes the two. An empty one ends a hand-over without outcomes.
  if (!settlements.empty() && settlements.front().sequence < kFirstInMemory) {
    return spool_->settle(settlements);
  }
  const std::lock_guard guard(mutex_);
  is_memory_handed_ = false;
  return memory_.settle(settlements);
}

Result<DropCount> BypassStore::expire(std::uint64_t now_ns) {
  return spool_->expire(now_ns);
}

std::uint64_t BypassStore::finish() {
  const std::lock_guard guard(mutex_);
  std::vector<DeliveryRecord> rest = memory_.take_all();
  const bool is_lost = !rest.empty() && !spool_->append(rest);
  return spool_->finish() + (is_lost ? rest.size() : 0);
}

StoreCounts BypassStore::counts() const {
  StoreCounts counts = spool_->counts();
  const StoreCounts bypassed = memory_.counts();
  counts.waiting += bypassed.waiting;
  counts.waiting_bytes += bypassed.waiting_bytes;
  return counts;
}

bool BypassStore::survives_restart() const {
  return spool_->survives_restart();
}

}  // namespace saker
