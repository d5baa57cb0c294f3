// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Brings one event of a capture of any age to its current form, or drops it: old kernels' sensors
// recorded enter and exit events, rules see exit events that hold the parameters of both.
//
// Source of the order of checks and of the rules: Falco's capture converter; docs/event-record.md.
#pragma once

#include <array>
#include <cstdint>

#include "compat/scap/conversion_rules.h"
#include "compat/scap/enter_store.h"
#include "engine/base/arena.h"
#include "engine/base/counters.h"
#include "engine/base/result.h"
#include "engine/event/event_view.h"

namespace saker::scap {

class EventConverter {
public:
  enum class Outcome : std::uint8_t { kPass, kDrop };

  // Steps after which an event that still changes is an error.
  static constexpr int kMaxRounds = 50;
  // Longest converted event. Source: Falco's conversion buffers.
  static constexpr std::size_t kMaxConvertedBytes = 65536;

  explicit EventConverter(Counters& counters);

  // True when an event of `type` (known to the catalogue) is current and passes as it is.
  [[nodiscard]] bool passes(std::uint16_t type, std::uint32_t param_count) const {
    const std::uint8_t wanted = pass_counts_[type];
    return param_count == wanted || wanted == kAnyCount;
  }

  // True when the parameter lengths of `type` are 32 bit.
  [[nodiscard]] bool has_large_lengths(std::uint16_t type) const { return is_large_[type]; }

  // Applies rules to `record`, whose type is in the catalogue and whose lengths fit, until it
  // passes or is dropped. A changed record lies in `arena`. Fails with kCorruptInput when no rule
  // fits.
  [[nodiscard]] Result<Outcome> convert(Bytes& record, Arena& arena);

  // Forgets all threads.
  void clear() { enters_.clear(); }

private:
  static constexpr std::uint8_t kAnyCount = 0xff;
  static constexpr std::uint8_t kNever = 0xfe;
  static_assert(kMaxParams < kNever);

  void remember(const EventView& event);
  // Reads the enter event of the thread of `event` into `enter`; false when there is none. Fails
  // with kCorruptInput when it belongs to another system call.
  Result<bool> find_enter(const EventView& event, EventView& enter) const;
  Result<Bytes> apply(const ConversionRule& rule, const EventView& event, Arena& arena);

  Counters& counters_;
  EnterStore enters_;
  // Parameter count with which a type passes untouched, kAnyCount or kNever.
  std::array<std::uint8_t, kEventTypeCount> pass_counts_{};
  std::array<bool, kEventTypeCount> is_large_{};
};

}  // namespace saker::scap
