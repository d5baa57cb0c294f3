// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Deadlines of tests that wait for something which takes no fixed time. On a slow machine (an
// emulated one: scripts/vm_live_tests.py) SAKER_PATIENCE makes them that many times longer.
#pragma once

#include <chrono>
#include <cstdlib>

namespace saker::testing {

template <typename Duration>
[[nodiscard]] Duration patient(Duration deadline) {
  const char* factor = std::getenv("SAKER_PATIENCE");
  const long times = factor == nullptr ? 1 : std::strtol(factor, nullptr, 10);
  return deadline * (times < 1 ? 1 : times);
}

}  // namespace saker::testing
