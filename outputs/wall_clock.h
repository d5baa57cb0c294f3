// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <time.h>

#include <cstdint>

namespace saker {

// Nanoseconds since the Unix epoch.
[[nodiscard]] inline std::uint64_t wall_clock_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace saker
