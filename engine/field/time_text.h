// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Times as text. Source: falco-compat.md 3.1, falco-compat-fields.md 5.
#pragma once

#include <cstdint>

#include "engine/field/arena_text.h"

namespace saker {

enum class TimeStyle : std::uint8_t {
  kTime,             // 17:35:48.519016591, local
  kTimeSeconds,      // 17:35:48, local
  kDateTime,         // 2026-11-21 17:35:48.519016591, local
  kDateTimeSeconds,  // 2026-11-21 17:35:48, local
  kIso8601,          // 2026-11-21T17:35:48.519016591+0000, UTC
};

// Appends `ts_ns` (nanoseconds since the epoch).
void append_time(ArenaText& out, std::uint64_t ts_ns, TimeStyle style);

}  // namespace saker
