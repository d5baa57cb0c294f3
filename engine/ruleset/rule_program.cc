// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/rule_program.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace saker {

namespace {

// With fewer guarded rules, asking each is cheaper than looking up. Measured by tests/bench.
constexpr std::size_t kMinIndexedEntries = 5;

// With fewer rules, splitting gains nothing; with more, the programs take too long to make.
constexpr std::size_t kMinSplitEntries = 6;
constexpr std::size_t kMaxSplitEntries = 2000;
// A split must decide at least one of this many rules.
constexpr std::size_t kMinSplitShare = 4;

// Cheap to ask for every event, and not kept per process anyway.
bool is_worth_splitting(const Predicate& predicate) {
  const bool is_bool = predicate.value_class == ValueClass::kBool;
  return (is_bool || is_number(predicate.value_class)) && predicate.op != CompareOp::kExists &&
         predicate.quantifier == Quantifier::kNone && predicate.right == ExprId::kNone &&
         !predicate.is_list && !predicate.is_stateful && !predicate.is_process_fact();
}

}  // namespace

RuleProgramBuilder::RuleProgramBuilder(const Optimisations& optimisations)
    : optimisations_(optimisations) {
  program_->predicates_ = PredicateTable(optimisations.shares);
}

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
  if (!optimisations_.decides_by_type) {
    return truths;
  }
  // Many predicates share their left side, and for most types and expressions there is nothing to
  // know: each expression is asked once.
  for (std::size_t i = 0; i < by_left_.size(); ++i) {
    const auto value = facts_.value(predicates.expr(ExprId{static_cast<std::uint32_t>(i)}), type);
    if (!value) {
      continue;
    }
    for (const PredicateId id : by_left_[i]) {
      if (const auto truth = facts_.truth(predicates.get(id), *value)) {
        truths[static_cast<std::size_t>(id)] = *truth ? 1 : 0;
      }
    }
  }
  return truths;
}

void RuleProgramBuilder::group_by_left() {
  const PredicateTable& predicates = program_->predicates_;
  by_left_.resize(predicates.expr_count());
  for (std::size_t i = 0; i < predicates.size(); ++i) {
    const auto id = PredicateId{static_cast<std::uint32_t>(i)};
    by_left_[static_cast<std::size_t>(predicates.get(id).left)].push_back(id);
  }
}

std::vector<RuleProgramBuilder::Specialised> RuleProgramBuilder::specialise(
    const Truths& truths, const std::vector<bool>& is_registered) {
  const ConditionGraph::Known known = [&truths](PredicateId id) -> std::optional<bool> {
    const std::int8_t truth = truths[static_cast<std::size_t>(id)];
    return truth < 0 ? std::nullopt : std::optional<bool>(truth == 1);
  };
  std::vector<Specialised> result;
  std::unordered_map<GraphNodeId, GraphNodeId> memo;
  for (std::size_t i = 0; i < roots_.size(); ++i) {
    if (!is_registered[i]) {
      continue;
    }
    const Root& root = roots_[i];
    const GraphNodeId node =
        root.is_stateful ? root.node : graph_.specialise(root.node, known, memo);
    if (node != GraphNodeId::kFalse) {
      result.push_back({&root, node});
    }
  }
  return result;
}

std::vector<PredicateId> RuleProgramBuilder::choose_splits(std::span<const Specialised> roots) {
  if (!optimisations_.splits || roots.size() < kMinSplitEntries ||
      roots.size() > kMaxSplitEntries) {
    return {};
  }
  std::map<PredicateId, std::size_t> uses;  // rules that ask it
  for (const Specialised& root : roots) {
    std::set<PredicateId> asked;
    std::ignore = graph_.any_predicate(root.node, [&](PredicateId id) {
      asked.insert(id);
      return false;
    });
    for (const PredicateId id : asked) {
      uses[id] += is_worth_splitting(program_->predicates_.get(id)) ? 1U : 0U;
    }
  }
  std::vector<std::pair<std::size_t, PredicateId>> found;  // rules decided, by which check
  for (const auto& [id, count] : uses) {
    if (count * kMinSplitShare < roots.size()) {
      continue;
    }
    std::size_t decided = 0;
    for (const bool truth : {false, true}) {
      const ConditionGraph::Known known = [&, split = id](PredicateId other) {
        return other == split ? std::optional<bool>(truth) : std::nullopt;
      };
      std::unordered_map<GraphNodeId, GraphNodeId> memo;
      decided += static_cast<std::size_t>(std::ranges::count_if(roots, [&](const auto& root) {
        return !root.root->is_stateful &&
               graph_.specialise(root.node, known, memo) == GraphNodeId::kFalse;
      }));
    }
    if (decided * kMinSplitShare >= roots.size()) {
      found.emplace_back(decided, id);
    }
  }
  std::ranges::sort(found, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<PredicateId> splits;
  for (std::size_t i = 0; i < std::min(found.size(), TypePlan::kMaxSplits); ++i) {
    splits.push_back(found[i].second);
  }
  return splits;
}

std::uint32_t RuleProgramBuilder::make_program(std::span<const Specialised> roots) {
  TypeProgram result;
  result.id = static_cast<std::uint32_t>(program_->programs_.size());
  if (!program_->programs_.empty()) {
    const TypeProgram& last = program_->programs_.back();
    result.first_entry = last.first_entry + static_cast<std::uint32_t>(last.entries.size());
  }
  std::vector<std::optional<Guard>> guards;
  std::size_t guarded_count = 0;
  for (const auto& [root, node] : roots) {
    const StepIndex start = program_->program_.lower(
        graph_, node, root->is_stateful || !optimisations_.orders ? nullptr : &order_);
    result.entries.push_back({root->rule, start, root->is_stateful, node});
    result.asks_process_facts =
        result.asks_process_facts || graph_.any_predicate(node, [this](PredicateId id) {
          return program_->predicates_.get(id).is_process_fact();
        });
    guards.push_back(root->is_stateful ? std::nullopt
                                       : find_guard(graph_, program_->predicates_, node));
    guarded_count += guards.back() ? 1U : 0U;
  }
  if (optimisations_.indexes && guarded_count >= kMinIndexedEntries) {
    result.index = std::make_unique<const GuardIndex>(guards, program_->predicates_);
  }
  program_->programs_.push_back(std::move(result));
  return program_->programs_.back().id;
}

TypePlan RuleProgramBuilder::make_plan(Truths truths, const std::vector<bool>& is_registered) {
  TypePlan plan;
  const std::vector<Specialised> all = specialise(truths, is_registered);
  plan.is_empty = all.empty();
  plan.splits = choose_splits(all);
  if (plan.splits.empty()) {
    plan.programs.push_back(make_program(all));
    return plan;
  }
  for (std::size_t answers = 0; answers < std::size_t{1} << plan.splits.size(); ++answers) {
    for (std::size_t i = 0; i < plan.splits.size(); ++i) {
      truths[static_cast<std::size_t>(plan.splits[i])] =
          static_cast<std::int8_t>(answers >> i & 1U);
    }
    plan.programs.push_back(make_program(specialise(truths, is_registered)));
  }
  return plan;
}

std::unique_ptr<const RuleProgram> RuleProgramBuilder::build() && {
  group_by_left();
  // The rules registered for a type, and what the type decides, make its plan.
  std::map<std::pair<Truths, std::vector<bool>>, std::uint32_t> known_plans;
  for (const EventInfo& event : all_events()) {
    std::vector<bool> is_registered(roots_.size());
    for (std::size_t i = 0; i < roots_.size(); ++i) {
      is_registered[i] = roots_[i].types.test(index_of(event.type));
    }
    const auto fresh = static_cast<std::uint32_t>(program_->plans_.size());
    const auto [at, is_new] =
        known_plans.try_emplace({truths_for(event.type), std::move(is_registered)}, fresh);
    if (is_new) {
      program_->plans_.push_back(make_plan(at->first.first, at->first.second));
    }
    program_->by_type_[index_of(event.type)] = at->second;
  }
  SAKER_DCHECK(program_->program_.verify());
  return std::move(program_);
}

}  // namespace saker
