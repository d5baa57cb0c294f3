// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/rule_program.h"

#include <map>
#include <optional>

#include "engine/eval/type_facts.h"

namespace saker {

namespace {

// What is known of every predicate for one event type; types that agree share their programs.
using KnownTruths = std::vector<std::int8_t>;  // -1 unknown, else the truth

}  // namespace

Compiled<void> RuleProgramBuilder::add(RuleId rule, const Node& condition,
                                       const EventTypeSet& types, const FieldCatalogue& fields,
                                       bool allow_pcre2) {
  SAKER_ASSIGN_OR_RETURN(const GraphNodeId node, add_condition(condition, fields, allow_pcre2,
                                                               program_->predicates_, graph_));
  roots_.push_back({rule, node, types});
  return {};
}

std::unique_ptr<const RuleProgram> RuleProgramBuilder::build() && {
  const PredicateTable& predicates = program_->predicates_;
  TypeFacts type_facts;
  // The rules that are registered for a type, and the facts about it, decide its program.
  std::map<std::pair<KnownTruths, std::vector<bool>>, RuleProgram::Range> known_ranges;
  for (const EventInfo& event : all_events()) {
    KnownTruths facts(predicates.size(), -1);
    for (std::size_t i = 0; i < predicates.size(); ++i) {
      const auto id = PredicateId{static_cast<std::uint32_t>(i)};
      const Predicate& predicate = predicates.get(id);
      if (const std::optional<bool> truth =
              type_facts.truth(predicate, predicates.expr(predicate.left), event.type)) {
        facts[i] = *truth ? 1 : 0;
      }
    }
    std::vector<bool> registered(roots_.size());
    for (std::size_t i = 0; i < roots_.size(); ++i) {
      registered[i] = roots_[i].types.test(index_of(event.type));
    }
    RuleProgram::Range& range = program_->ranges_[index_of(event.type)];
    const auto [at, is_new] =
        known_ranges.try_emplace({std::move(facts), std::move(registered)}, RuleProgram::Range{});
    if (is_new) {
      const auto& [these_facts, these_rules] = at->first;
      const ConditionGraph::Known known = [&these_facts =
                                               these_facts](PredicateId id) -> std::optional<bool> {
        const std::int8_t fact = these_facts[static_cast<std::size_t>(id)];
        return fact < 0 ? std::nullopt : std::optional<bool>(fact == 1);
      };
      std::unordered_map<GraphNodeId, GraphNodeId> memo;
      at->second.first = static_cast<std::uint32_t>(program_->entries_.size());
      for (std::size_t i = 0; i < roots_.size(); ++i) {
        if (!these_rules[i]) {
          continue;
        }
        const GraphNodeId node = graph_.specialise(roots_[i].node, known, memo);
        const StepIndex start = program_->program_.lower(graph_, node);
        if (start != kReject) {
          program_->entries_.push_back({roots_[i].rule, start});
        }
      }
      at->second.count = static_cast<std::uint32_t>(program_->entries_.size()) - at->second.first;
    }
    range = at->second;
  }
  SAKER_DCHECK(program_->program_.verify());
  return std::move(program_);
}

}  // namespace saker
