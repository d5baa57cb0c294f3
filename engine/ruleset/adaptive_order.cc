// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/adaptive_order.h"

#include <algorithm>

#include "engine/eval/evaluation_order.h"
#include "engine/eval/predicate_cost.h"

namespace saker {

namespace {

// Evaluations that the guess made without looking counts for.
constexpr double kGuessWeight = 16;

}  // namespace

AdaptiveOrder::AdaptiveOrder(const RuleProgram& program, std::uint64_t first_round_after)
    : program_(program), next_round_(first_round_after) {
  std::size_t entries = 0;
  for (const TypeProgram& type : program.programs()) {
    entries = std::max(entries, type.first_entry + type.entries.size());
  }
  cells_.resize(entries);
}

std::vector<AdaptiveOrder::Asked> AdaptiveOrder::most_asked() const {
  std::vector<Asked> found;
  for (const TypeProgram& type : program_.programs()) {
    for (std::size_t i = 0; i < type.entries.size(); ++i) {
      const std::uint32_t count = cells_[type.first_entry + i].asked;
      if (count >= kMinAsked && !type.entries[i].is_stateful) {
        found.push_back({count, &type, i});
      }
    }
  }
  std::ranges::stable_sort(found, std::greater(), &Asked::count);
  found.resize(std::min(found.size(), kMaxEntries));
  return found;
}

void AdaptiveOrder::adapt(std::span<const PredicateTally> tallies) {
  const PredicateTable& predicates = program_.predicates();
  EvaluationOrder order(program_.graph(), predicates, [&](PredicateId id) {
    const PredicateTally& tally = tallies[static_cast<std::size_t>(id)];
    return (tally.held + kGuessWeight * predicate_likelihood(predicates, id)) /
           (tally.evaluated + kGuessWeight);
  });
  Program fresh;
  for (Cell& cell : cells_) {
    cell.is_adapted = false;
  }
  for (const Asked& asked : most_asked()) {
    Cell& cell = cells_[asked.program->first_entry + asked.entry];
    cell.start = fresh.lower(program_.graph(), asked.program->entries[asked.entry].node, &order);
    cell.is_adapted = true;
  }
  adapted_ = std::move(fresh);
  next_round_ = ++rounds_ < kMaxRounds ? next_round_ * kGrowth : 0;
}

}  // namespace saker
