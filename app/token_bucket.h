// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Limits how often something happens: `rate` times a second in the long run, `burst` times in a
// row.
#pragma once

#include <algorithm>
#include <cstdint>

namespace saker::app {

class TokenBucket {
public:
  // Full at first.
  TokenBucket(double rate_per_second, double burst)
      : rate_per_second_(rate_per_second), burst_(burst), tokens_(burst) {}

  // Takes a token, if there is one. `now_ns` does not go backwards.
  [[nodiscard]] bool take(std::uint64_t now_ns) {
    constexpr double kNsPerSecond = 1e9;
    if (last_ns_ != 0 && now_ns > last_ns_) {
      const double seconds = static_cast<double>(now_ns - last_ns_) / kNsPerSecond;
      tokens_ = std::min(burst_, tokens_ + seconds * rate_per_second_);
    }
    last_ns_ = now_ns;
    if (tokens_ < 1) {
      return false;
    }
    tokens_ -= 1;
    return true;
  }

private:
  double rate_per_second_;
  double burst_;
  double tokens_;
  std::uint64_t last_ns_ = 0;
};

}  // namespace saker::app
