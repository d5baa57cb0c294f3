// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Everything that is counted, in one table (counters.def). A counter is written by one thread and
// read by any.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace saker {

enum class CounterKind : std::uint8_t {
  kInfo,
  kDataLoss,  // something that happened was not seen or not delivered
  kError,
};

enum class Counter : std::uint16_t {
#define SAKER_COUNTER(enumerator, name, kind, unit, sentence) enumerator,
#include "engine/base/counters.def"
#undef SAKER_COUNTER
  kCount
};

inline constexpr std::size_t kCounterCount = static_cast<std::size_t>(Counter::kCount);

struct CounterInfo {
  std::string_view name;  // area.what.why
  CounterKind kind;
  std::string_view unit;
  std::string_view sentence;
};

[[nodiscard]] const CounterInfo& counter_info(Counter counter);

class Counters {
public:
  void add(Counter counter, std::uint64_t amount = 1) noexcept {
    auto& cell = cells_[static_cast<std::size_t>(counter)];
    cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  void set(Counter counter, std::uint64_t value) noexcept {
    cells_[static_cast<std::size_t>(counter)].store(value, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t get(Counter counter) const noexcept {
    return cells_[static_cast<std::size_t>(counter)].load(std::memory_order_relaxed);
  }

private:
  std::array<std::atomic<std::uint64_t>, kCounterCount> cells_{};
};

}  // namespace saker
