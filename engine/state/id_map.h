// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Open-addressing hash map from a kernel id (tid, pid) to a small value. Linear probing, removal by
// shifting back, so there are no tombstones and look-ups stay short however many threads come and
// go. Grows by doubling, never shrinks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/base/check.h"

namespace saker {

template <typename Value>
class IdMap {
public:
  // The one key that cannot be stored. No kernel uses it; hostile captures may.
  static constexpr std::int64_t kReservedKey = std::numeric_limits<std::int64_t>::min();

  IdMap() : slots_(kMinSlots) {}

  // Null when the key is absent. Borrowed until the next insert or erase.
  [[nodiscard]] const Value* find(std::int64_t key) const {
    for (std::size_t i = home(key);; i = next(i)) {
      if (slots_[i].key == key) {
        return key == kReservedKey ? nullptr : &slots_[i].value;
      }
      if (slots_[i].key == kReservedKey) {
        return nullptr;
      }
    }
  }

  // Sets the value of `key`, which must not be kReservedKey.
  void put(std::int64_t key, Value value) {
    SAKER_DCHECK(key != kReservedKey);
    if ((count_ + 1) * 2 > slots_.size()) {
      grow();
    }
    std::size_t i = home(key);
    while (slots_[i].key != kReservedKey && slots_[i].key != key) {
      i = next(i);
    }
    count_ += slots_[i].key == kReservedKey ? 1U : 0U;
    slots_[i] = {key, value};
  }

  void erase(std::int64_t key) {
    std::size_t hole = home(key);
    while (slots_[hole].key != key) {
      if (slots_[hole].key == kReservedKey) {
        return;
      }
      hole = next(hole);
    }
    if (key == kReservedKey) {
      return;
    }
    --count_;
    // Moves back every later entry of the run whose home lies at or before the hole.
    for (std::size_t i = next(hole); slots_[i].key != kReservedKey; i = next(i)) {
      if (((i - home(slots_[i].key)) & mask()) >= ((i - hole) & mask())) {
        slots_[hole] = slots_[i];
        hole = i;
      }
    }
    slots_[hole].key = kReservedKey;
  }

  void clear() {
    for (Slot& slot : slots_) {
      slot.key = kReservedKey;
    }
    count_ = 0;
  }

  [[nodiscard]] std::size_t size() const { return count_; }

private:
  struct Slot {
    std::int64_t key = kReservedKey;
    Value value{};
  };
  static constexpr std::size_t kMinSlots = 1024;

  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
  [[nodiscard]] std::size_t next(std::size_t i) const { return (i + 1) & mask(); }
  // Fibonacci hashing: the product's high bits are well mixed even for consecutive ids.
  [[nodiscard]] std::size_t home(std::int64_t key) const {
    const auto product = static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(product >> 20) & mask();
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    count_ = 0;
    for (const Slot& slot : old) {
      if (slot.key != kReservedKey) {
        put(slot.key, slot.value);
      }
    }
  }

  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

}  // namespace saker
