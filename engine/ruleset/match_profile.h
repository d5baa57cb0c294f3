// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where matching spends its time. Only for measuring: taking times slows matching down.
#pragma once

#include <cstdint>
#include <vector>

namespace saker {

struct ProfileRow {
  std::uint64_t count = 0;  // evaluations of a predicate, or how often a rule was asked
  std::uint64_t holds = 0;  // how often it was true, or matched
  std::uint64_t ns = 0;     // without what taking the time costs
};

struct MatchProfile {
  std::uint64_t (*now_ns)() = nullptr;  // the engine itself asks no clock
  std::uint64_t clock_cost_ns = 0;      // of one call, taken off each row's time

  std::vector<ProfileRow> predicates;  // by PredicateId
  std::vector<ProfileRow> rules;       // by RuleId; a rule's time holds that of its predicates
  std::uint64_t events = 0;            // that some rule could match

  void add(ProfileRow& row, std::uint64_t since_ns, bool is_true) const {
    const std::uint64_t spent = now_ns() - since_ns;
    ++row.count;
    row.holds += is_true ? 1U : 0U;
    row.ns += spent > clock_cost_ns ? spent - clock_cost_ns : 0;
  }
};

}  // namespace saker
