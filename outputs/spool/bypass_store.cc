// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/spool/bypass_store.h"

#include <iterator>
#include <vector>

namespace saker {

namespace {

// Sequences of records in memory start here; the spool's never come near.
constexpr std::int64_t kFirstInMemory = std::int64_t{1} << 62;
constexpr std::chrono::seconds kMovePause{1};
// How long what is in memory waits for older records that cannot be read from the disk.
constexpr std::chrono::seconds kOrderPatience{2};

}  // namespace

BypassStore::BypassStore(std::unique_ptr<RecordStore> spool, std::size_t capacity)
    : spool_(std::move(spool)), memory_(capacity, kFirstInMemory) {}

// Older records in memory go into the spool before newer ones, so that order is kept.
Result<DropCount> BypassStore::move_to_spool() {
  std::vector<DeliveryRecord> all = memory_.take_all();
  auto moved = spool_->append(all);
  if (!moved) {
    static_cast<void>(memory_.append(all));
  }
  return moved;
}

Result<DropCount> BypassStore::append(std::span<DeliveryRecord> records) {
  const std::lock_guard guard(mutex_);
  DropCount dropped;
  if (bypassed_count() > 0) {
    if (is_memory_handed_) {
      return memory_.append(records);
    }
    const auto moved = move_to_spool();
    if (!moved) {
      return moved.error().code == ErrorCode::kLimit ? moved : memory_.append(records);
    }
    dropped = *moved;
  }
  auto added = spool_->append(records);
  if (!added && added.error().code != ErrorCode::kLimit) {
    if (auto bypassed = memory_.append(records); bypassed) {
      added = bypassed;
    }
  }
  if (!added) {
    return added;
  }
  return DropCount{dropped.all + added->all, dropped.own + added->own};
}

Result<std::vector<DeliveryRecord>> BypassStore::next(std::size_t limit, std::size_t limit_bytes,
                                                      const std::set<std::string>& without_keys) {
  auto records = spool_->next(limit, limit_bytes, without_keys);
  if (records && !records->empty()) {
    unreadable_since_.reset();
    return records;
  }
  const auto now = std::chrono::steady_clock::now();
  if (records) {
    unreadable_since_.reset();
  } else if (!unreadable_since_) {
    unreadable_since_ = now;
  }
  const bool is_blocked = unreadable_since_ && now - *unreadable_since_ > kOrderPatience;
  const std::lock_guard guard(mutex_);
  // Nothing handed out is not nothing stored: what came in between, is held back or cannot be read
  // just now is older than what is in memory.
  if (spool_->counts().waiting > 0 && !is_blocked) {
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
  {
    // Without new records too, what is in memory goes to the disk when that has room again.
    const std::lock_guard guard(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (bypassed_count() > 0 && !is_memory_handed_ && now >= next_move_) {
      next_move_ = now + kMovePause;
      if (const auto moved = move_to_spool(); moved && moved->all > 0) {
        return moved;
      }
    }
  }
  return spool_->expire(now_ns);
}

std::uint64_t BypassStore::finish() {
  const std::lock_guard guard(mutex_);
  // What is written first may free the room that the rest needs.
  static_cast<void>(spool_->finish());
  std::vector<DeliveryRecord> rest = memory_.take_all();
  const bool is_lost = !rest.empty() && !spool_->append(rest);
  return is_lost ? rest.size() : 0;
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
