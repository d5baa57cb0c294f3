// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Pauses between repetitions: exponential, with jitter, so that many senders do not return
// together.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace saker {

class Backoff {
public:
  using Duration = std::chrono::milliseconds;

  Backoff(Duration first, Duration longest, std::uint32_t seed)
      : first_(first), longest_(longest), pause_(first), random_(seed) {}

  // The next pause: between half the current step and the whole step.
  [[nodiscard]] Duration next() {
    const auto full = std::max<Duration::rep>(pause_.count(), 1);
    std::uniform_int_distribution<Duration::rep> distribution((full + 1) / 2, full);
    pause_ = std::min(pause_ * 2, longest_);
    return Duration(distribution(random_));
  }

  void reset() { pause_ = first_; }

private:
  Duration first_;
  Duration longest_;
  Duration pause_;
  std::minstd_rand random_;
};

}  // namespace saker
