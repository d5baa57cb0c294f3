// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace saker {

struct DeliveryOptions {
  std::size_t batch_limit = 500;  // most records in one call of the transport
  std::size_t batch_limit_bytes = 4ULL << 20;
  // Counted failures after which a record is set aside. Outages do not count.
  std::uint32_t max_tries = 10;
  // Outages count too: for sinks without a spool, which may not wait for ever.
  bool counts_outages = false;
  // A drain ends early when nothing has been acknowledged for so long and nothing is under way to a
  // receiver that may be there.
  std::chrono::milliseconds drain_patience{5000};
  // Pause after a failure, doubled up to the longest; each pause is drawn between half of it and
  // all.
  std::chrono::milliseconds first_pause{200};
  std::chrono::milliseconds longest_pause{30000};
};

}  // namespace saker
