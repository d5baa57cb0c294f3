// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <time.h>

#include <chrono>
#include <cstdint>

namespace saker {

// Nanoseconds since the Unix epoch.
[[nodiscard]] inline std::uint64_t wall_clock_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

// Nanoseconds since some moment in the past; never goes back.
[[nodiscard]] inline std::uint64_t steady_clock_ns() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                                    std::chrono::nanoseconds(1));
}

}  // namespace saker
