// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a rule set costs over a capture, by stage, event type, rule and predicate.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/event/event_type.h"
#include "engine/ruleset/match_profile.h"
#include "engine/ruleset/ruleset.h"

namespace saker::app {

// Nanoseconds of processor time of one whole pass over the capture; each stage includes those
// before it.
struct StageTimes {
  std::uint64_t read_ns = 0;   // reading and decompressing
  std::uint64_t state_ns = 0;  // and decoding and state
  std::uint64_t match_ns = 0;  // and matching: all rules
};

struct TypeCost {
  std::uint64_t events = 0;
  std::uint64_t ns = 0;  // wall time of matching, clock calls taken off
};

struct BenchReport {
  std::uint64_t events = 0;
  std::uint64_t matches = 0;
  StageTimes median;  // of all runs, each stage by itself
  std::array<TypeCost, kEventTypeCount> types{};
  MatchProfile profile;
  // By RuleId, as the profile's rows; a rule's time holds that of its predicates.
  std::vector<ProfileRow> rules;
};

// Reads the capture 3 * `runs` + 2 times. `matching` is all rules, so that the cost does not depend
// on which match.
[[nodiscard]] Result<BenchReport> run_benchmark(const std::string& capture_path,
                                                const std::shared_ptr<const RuleSet>& rules,
                                                std::size_t runs);

}  // namespace saker::app
