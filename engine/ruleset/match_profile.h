// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which predicates matching spends its time on; Matcher::costs() tells of rules. Only for
// measuring: taking times slows matching down.
#pragma once

#include <cstdint>
#include <vector>

namespace saker {

// Nanoseconds since some moment in the past: the engine itself asks no clock.
using NowNs = std::uint64_t (*)();

struct ProfileRow {
  std::uint64_t count = 0;  // evaluations
  std::uint64_t holds = 0;  // how often it was true
  std::uint64_t ns = 0;     // without what taking the time costs
};

struct MatchProfile {
  NowNs now_ns = nullptr;
  std::uint64_t clock_cost_ns = 0;  // of one call, taken off each row's time

  std::vector<ProfileRow> predicates;  // by PredicateId
  std::uint64_t events = 0;            // that some rule could match

  void add(ProfileRow& row, std::uint64_t since_ns, bool is_true) const {
    const std::uint64_t spent = now_ns() - since_ns;
    ++row.count;
    row.holds += is_true ? 1U : 0U;
    row.ns += spent > clock_cost_ns ? spent - clock_cost_ns : 0;
  }
};

}  // namespace saker
