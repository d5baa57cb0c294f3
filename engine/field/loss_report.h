// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What an event source has lost lately, for the field util.lost.
#pragma once

#include <cstdint>

namespace saker {

class LossReport {
public:
  virtual ~LossReport() = default;
  // Events lost within about the last second.
  [[nodiscard]] virtual std::uint64_t recent_losses() const = 0;
};

}  // namespace saker
