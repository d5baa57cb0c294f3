// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/enter_store.h"

#include <iterator>

namespace saker::scap {

bool EnterStore::put(std::int64_t tid, Bytes record) {
  auto found = records_.find(tid);
  const bool is_new = found == records_.end();
  const std::size_t held = is_new ? 0 : found->second.capacity();
  const std::size_t more = record.size() > held ? record.size() - held : 0;
  const auto has_room = [&] {
    return used_bytes_ + more <= kMaxBytes && (!is_new || records_.size() < kMaxThreads);
  };
  if (!has_room()) {
    // The older event of this thread is void now in any case.
    forget(tid);
    remove_taken();
    found = records_.find(tid);
    if (!has_room()) {
      return false;
    }
  }
  std::vector<std::byte>& slot = found == records_.end() ? records_[tid] : found->second;
  used_bytes_ -= slot.capacity();
  if (slot.capacity() < record.size()) {
    slot = std::vector<std::byte>(record.begin(), record.end());
  } else {
    slot.assign(record.begin(), record.end());
  }
  used_bytes_ += slot.capacity();
  return true;
}

Bytes EnterStore::get(std::int64_t tid) const {
  const auto found = records_.find(tid);
  return found == records_.end() ? Bytes{} : Bytes(found->second);
}

void EnterStore::forget(std::int64_t tid) {
  const auto found = records_.find(tid);
  if (found != records_.end()) {
    found->second.clear();
  }
}

void EnterStore::clear() {
  records_.clear();
  used_bytes_ = 0;
}

void EnterStore::remove_taken() {
  for (auto row = records_.begin(); row != records_.end();) {
    if (row->second.empty()) {
      used_bytes_ -= row->second.capacity();
      row = records_.erase(row);
    } else {
      ++row;
    }
  }
}

}  // namespace saker::scap
