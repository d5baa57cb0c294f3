// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a counter of the ledger that is not zero means, and what to do about it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "app/doctor/finding.h"
#include "engine/base/counters.h"

namespace saker::app {

struct LossAdvice {
  Counter counter;
  std::string_view cause;
  std::string_view knob;
};

// A row for every counter that tells of a loss or an error; a test checks that.
[[nodiscard]] std::span<const LossAdvice> all_loss_advice();

// One finding for each loss or error that is not zero; one that says so when there is none.
// `ledger`: by counter's name, as metrics::ledger_of_page() reads it.
[[nodiscard]] std::vector<Finding> find_losses(const std::map<std::string, std::uint64_t>& ledger);

}  // namespace saker::app
