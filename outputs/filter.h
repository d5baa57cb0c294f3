// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which messages an output wants.
#pragma once

#include <string>
#include <vector>

#include "outputs/message.h"

namespace saker {

struct FilterOptions {
  Priority min_priority = Priority::kDebug;  // and everything more urgent
  std::vector<std::string> rules;            // names, "*" stands for any text; empty: all
  std::vector<std::string> tags;             // at least one of them; empty: all
};

[[nodiscard]] bool accepts(const FilterOptions& filter, const OutputMessage& message);

}  // namespace saker
