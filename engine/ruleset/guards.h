// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Guards: for a condition, a small set of checks of which at least one must hold for the condition
// to hold. An index over the guards of many rules answers, for one event, which rules can match at
// all.
#pragma once

#include <optional>
#include <vector>

#include "engine/eval/condition_graph.h"

namespace saker {

// Checks that an index can answer by look-up: equality, membership, prefixes, suffixes and
// substrings of texts, and equality of numbers.
struct Guard {
  std::vector<PredicateId> any_of;
  double weight = 0;  // expected cost: how often some of them hold, in no unit
};

// The cheapest guard of `node`; nullopt when it has none, or none worth asking.
[[nodiscard]] std::optional<Guard> find_guard(const ConditionGraph& graph,
                                              const PredicateTable& predicates, GraphNodeId node);

}  // namespace saker
