// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Event types, numbered as in Falco's captures and driver. Even numbers are enter events (and
// one-sided events such as procexit), odd numbers exit events.
#pragma once

#include <cstddef>
#include <cstdint>

namespace saker {

enum class EventType : std::uint16_t {
#define SAKER_EVENT_TYPE(enumerator, identifier) enumerator,
#include "engine/event/event_types.inc"
#undef SAKER_EVENT_TYPE
};

inline constexpr std::size_t kEventTypeCount = 454;

[[nodiscard]] constexpr std::size_t index_of(EventType type) {
  return static_cast<std::size_t>(type);
}
[[nodiscard]] constexpr bool is_enter(EventType type) {
  return index_of(type) % 2 == 0;
}

}  // namespace saker
