// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// How two rule sets differ, rule by rule: what was added, removed or changed, and whether a changed
// condition matches more, less, the same or something else.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kit/test/rule_bench.h"

namespace saker::kit {

struct RuleChangeNote {
  std::string rule;
  std::string what;     // added, removed, condition, output, priority, tags, enabled, desc
  std::string detail;   // for people
  std::string witness;  // an event that only one of the two matches; may be empty
  std::string before;   // the words that differ, with a few around them; may be empty
  std::string after;
};

// What differs between two texts, by words: the part between what both begin and end with, with up
// to three words of either. Long parts are cut.
[[nodiscard]] std::pair<std::string, std::string> differing_words(std::string_view before,
                                                                  std::string_view after);

// Both must live as long as the call. In the order of the new rules, then removed ones.
[[nodiscard]] std::vector<RuleChangeNote> compare_rules(const RuleBench& before,
                                                        const RuleBench& after);

}  // namespace saker::kit
