// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Waiting for something that another thread or process does.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace saker::testing {

// False when `condition` does not come true in time.
[[nodiscard]] inline bool eventually(const std::function<bool()>& condition,
                                     std::chrono::seconds limit = std::chrono::seconds(20)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace saker::testing
