// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <cstdint>
#include <string>

namespace saker {

struct SpoolOptions {
  enum class WhenFull : std::uint8_t {
    kDropOldest,  // makes room: what was set aside first, then the oldest waiting records; counted
    kRefuse,      // keeps what is there: new alerts wait in the queue, which has its own bound
  };
  // Both survive the end of the process at any moment.
  enum class Sync : std::uint8_t {
    kFull,    // a stored batch also survives a power cut
    kNormal,  // a power cut may lose the last seconds; the file stays sound
  };

  std::string path;                        // file of one sink; missing folders are made (mode 0700)
  std::uint64_t max_bytes = 512ULL << 20;  // of all records; the file may be a little larger
  std::uint64_t max_age_ns = 0;            // 0: no limit
  WhenFull when_full = WhenFull::kDropOldest;
  Sync sync = Sync::kFull;
};

}  // namespace saker
