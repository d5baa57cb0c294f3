// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <time.h>

#include <algorithm>
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

// The wall clock as ages need it: a step back is followed, but it runs ahead no faster than time
// passes, so that setting the clock forward makes nothing old.
class AgeClock {
public:
  // Both in nanoseconds, of one moment.
  [[nodiscard]] std::uint64_t now(std::uint64_t wall_ns, std::uint64_t steady_ns) {
    now_ns_ = now_ns_ == 0 ? wall_ns : std::min(wall_ns, now_ns_ + (steady_ns - steady_ns_));
    steady_ns_ = steady_ns;
    return now_ns_;
  }

private:
  std::uint64_t now_ns_ = 0;
  std::uint64_t steady_ns_ = 0;
};

}  // namespace saker
