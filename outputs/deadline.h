// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <chrono>

#include "outputs/sink.h"

namespace saker {

// A stop signal that is set from a time on.
class Deadline final : public StopSignal {
public:
  explicit Deadline(SteadyTime time) : time_(time) {}
  [[nodiscard]] bool is_set() const override { return std::chrono::steady_clock::now() >= time_; }

private:
  SteadyTime time_;
};

}  // namespace saker
