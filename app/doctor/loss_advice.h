// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a counter of the ledger that is not zero means, and what to do about it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "app/doctor/finding.h"

namespace saker::app {

// One finding for each loss or error that is not zero; one that says so when there is none.
// `ledger`: by counter's name, as metrics::ledger_of_page() reads it.
[[nodiscard]] std::vector<Finding> find_losses(const std::map<std::string, std::uint64_t>& ledger);

}  // namespace saker::app
