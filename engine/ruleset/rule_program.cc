// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/rule_program.h"

#include <map>
#include <optional>

namespace saker {

namespace {

// With fewer guarded rules, asking each is cheaper than looking up. Measured by tests/bench.
constexpr std::size_t kMinIndexedEntries = 12;

}  // namespace

Compiled<void> RuleProgramBuilder::add(RuleId rule, const Node& condition,
                                       const EventTypeSet& types, const FieldCatalogue& fields,
                                       bool allow_pcre2) {
  SAKER_ASSIGN_OR_RETURN(const GraphNodeId node, add_condition(condition, fields, allow_pcre2,
                                                               program_->predicates_, graph_));
  roots_.push_back({rule, node, types, graph_.any_predicate(node, [this](PredicateId id) {
                      return program_->predicates_.get(id).is_stateful;
                    })});
  return {};
}

RuleProgramBuilder::Truths RuleProgramBuilder::truths_for(EventType type) {
  const PredicateTable& predicates = program_->predicates_;
  Truths truths(predicates.size(), -1);
  for (std::size_t i = 0; i < predicates.size(); ++i) {
    const Predicate& predicate = predicates.get(PredicateId{static_cast<std::uint32_t>(i)});
    if (const auto truth = facts_.truth(predicate, predicates.expr(predicate.left), type)) {
      truths[i] = *truth ? 1 : 0;
    }
  }
  return truths;
}

TypeProgram RuleProgramBuilder::specialise(const Truths& truths,
                                           const std::vector<bool>& is_registered) {
  const ConditionGraph::Known known = [&truths](PredicateId id) -> std::optional<bool> {
    const std::int8_t truth = truths[static_cast<std::size_t>(id)];
    return truth < 0 ? std::nullopt : std::optional<bool>(truth == 1);
  };
  TypeProgram result;
  std::unordered_map<GraphNodeId, GraphNodeId> memo;
  std::vector<std::optional<Guard>> guards;
  std::size_t guarded_count = 0;
  for (std::size_t i = 0; i < roots_.size(); ++i) {
    if (!is_registered[i]) {
      continue;
    }
    const Root& root = roots_[i];
    const GraphNodeId node =
        root.is_stateful ? root.node : graph_.specialise(root.node, known, memo);
    const StepIndex start = program_->program_.lower(graph_, node);
    if (start == kReject) {
      continue;
    }
    result.entries.push_back({root.rule, start, root.is_stateful});
    result.asks_process_facts =
        result.asks_process_facts || graph_.any_predicate(node, [this](PredicateId id) {
          return program_->predicates_.get(id).is_process_fact();
        });
    guards.push_back(root.is_stateful ? std::nullopt
                                      : find_guard(graph_, program_->predicates_, node));
    guarded_count += guards.back() ? 1U : 0U;
  }
  if (guarded_count >= kMinIndexedEntries) {
    result.index = std::make_unique<const GuardIndex>(guards, program_->predicates_);
  }
  return result;
}

std::unique_ptr<const RuleProgram> RuleProgramBuilder::build() && {
  // The rules registered for a type, and what the type decides, make its program.
  std::map<std::pair<Truths, std::vector<bool>>, std::uint32_t> known_programs;
  for (const EventInfo& event : all_events()) {
    std::vector<bool> is_registered(roots_.size());
    for (std::size_t i = 0; i < roots_.size(); ++i) {
      is_registered[i] = roots_[i].types.test(index_of(event.type));
    }
    const auto fresh = static_cast<std::uint32_t>(program_->programs_.size());
    const auto [at, is_new] =
        known_programs.try_emplace({truths_for(event.type), std::move(is_registered)}, fresh);
    if (is_new) {
      program_->programs_.push_back(specialise(at->first.first, at->first.second));
      program_->programs_.back().id = fresh;
    }
    program_->by_type_[index_of(event.type)] = at->second;
  }
  SAKER_DCHECK(program_->program_.verify());
  return std::move(program_);
}

}  // namespace saker
