// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The alerts of a rule set over captures, in a form that compares.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "kit/test/rule_bench.h"

namespace saker::kit {

struct AlertKey {
  std::string rule;
  std::string capture;
  std::uint64_t event = 0;

  friend auto operator<=>(const AlertKey&, const AlertKey&) = default;
};

struct AlertText {
  std::string priority;
  std::string message;

  friend bool operator==(const AlertText&, const AlertText&) = default;
};

using AlertSet = std::map<AlertKey, AlertText>;

// `matches_first`: rule_matching: first.
[[nodiscard]] Result<AlertSet> collect_alerts(const RuleBench& bench,
                                              const std::vector<std::string>& captures,
                                              bool matches_first);

}  // namespace saker::kit
