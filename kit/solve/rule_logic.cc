// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/solve/rule_logic.h"

#include <algorithm>
#include <set>

#include "engine/eval/event_types.h"
#include "engine/event/catalogue.h"

namespace saker::kit {

namespace {

// The name of these events stands inside them.
bool is_generic(EventType type) {
  return type == EventType::kGenericE || type == EventType::kGenericX ||
         type == EventType::kAsynceventE || type == EventType::kPlugineventE;
}

// How gladly a witness takes an event of this type.
int preference(EventType type) {
  const std::string_view name = event_info(type).name;
  constexpr std::string_view kCommon[] = {"connect", "unlink", "execve", "openat"};
  const auto* const found = std::ranges::find(kCommon, name);
  const bool is_common = found != std::end(kCommon);
  if (is_common) {
    return static_cast<int>(found - kCommon) + 1;
  }
  const EventInfo& info = event_info(type);
  return info.is_current() && info.kind != EventKind::kIterator && !is_generic(type) ? 0 : -1;
}

// Whether the check asks for a name that events of a generic type cannot have.
bool is_foreign_name(const Predicate& predicate, EventType type) {
  if (predicate.op != CompareOp::kEq && predicate.op != CompareOp::kIn) {
    return false;
  }
  return std::ranges::none_of(predicate.constants.texts, [&](const std::string& name) {
    return event_types_named(name).test(index_of(type));
  });
}

}  // namespace

RuleLogic::RuleLogic(const FieldCatalogue& fields) : fields_(fields) {}

SatLiteral RuleLogic::gate(bool is_and, std::vector<SatLiteral> inputs) {
  std::ranges::sort(inputs);
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
  if (inputs.size() == 1) {
    return inputs.front();
  }
  const auto [at, is_new] = gates_.try_emplace({is_and, inputs}, SatLiteral{});
  if (!is_new) {
    return at->second;
  }
  const SatLiteral out = solver_.add_variable();
  at->second = out;
  // and: out -> each input; all inputs -> out. or: the same with everything negated.
  const auto side = [&](SatLiteral literal) { return is_and ? literal : ~literal; };
  std::vector<SatLiteral> all = {side(out)};
  for (const SatLiteral input : inputs) {
    solver_.add_clause({~side(out), side(input)});
    all.push_back(~side(input));
  }
  solver_.add_clause(all);
  return out;
}

std::optional<SatLiteral> RuleLogic::literal_of(const Node& node) {
  if (const auto known = literals_.find(&node); known != literals_.end()) {
    return known->second;
  }
  const std::optional<SatLiteral> literal = build(node);
  if (literal) {
    literals_.emplace(&node, *literal);
  }
  return literal;
}

std::optional<SatLiteral> RuleLogic::build(const Node& node) {
  if (node.kind == NodeKind::kMacro) {
    return std::nullopt;
  }
  if (node.kind == NodeKind::kCheck) {
    auto bound = bind_check(node.check, fields_, true);
    if (!bound) {
      return std::nullopt;
    }
    const PredicateId id = predicates_.add(std::move(*bound));
    checks_[&node] = id;
    while (predicate_literals_.size() < predicates_.size()) {
      predicate_literals_.push_back(solver_.add_variable());
    }
    return predicate_literals_[static_cast<std::size_t>(id)];
  }
  std::vector<SatLiteral> inputs;
  for (const auto& child : node.children) {
    const std::optional<SatLiteral> literal = literal_of(*child);
    if (!literal) {
      return std::nullopt;
    }
    inputs.push_back(*literal);
  }
  if (node.kind == NodeKind::kNot) {
    return ~inputs.front();
  }
  return gate(node.kind == NodeKind::kAnd, std::move(inputs));
}

void RuleLogic::finish() {
  std::map<ExprId, std::vector<PredicateVariable>> by_expr;
  for (std::size_t i = 0; i < predicates_.size(); ++i) {
    const auto id = PredicateId{static_cast<std::uint32_t>(i)};
    by_expr[predicates_.get(id).left].push_back({id, predicate_literals_[i]});
  }
  for (auto& [expr, checks] : by_expr) {
    theories_.emplace(expr, std::make_unique<ExprTheory>(predicates_.expr(expr), std::move(checks),
                                                         predicates_, solver_));
  }
  add_event_types();
}

void RuleLogic::add_event_types() {
  using Truths = std::vector<std::int8_t>;  // by predicate: -1 open
  std::map<Truths, EventType> classes;
  for (const EventInfo& info : all_events()) {
    if (!reaches_rules(info.type)) {
      continue;
    }
    Truths truths(predicates_.size(), -1);
    for (std::size_t i = 0; i < predicates_.size(); ++i) {
      const Predicate& predicate = predicates_.get(PredicateId{static_cast<std::uint32_t>(i)});
      const BoundExpr& left = predicates_.expr(predicate.left);
      if (predicate.is_stateful) {
        continue;
      }
      if (left.text == "evt.type" && is_generic(info.type)) {
        truths[i] = is_foreign_name(predicate, info.type) ? 0 : -1;
      } else if (const auto value = facts_.value(left, info.type)) {
        if (const auto truth = facts_.truth(predicate, *value)) {
          truths[i] = *truth ? 1 : 0;
        }
      }
    }
    auto [at, is_new] = classes.try_emplace(std::move(truths), info.type);
    if (!is_new && preference(info.type) >= preference(at->second)) {
      at->second = info.type;
    }
  }
  // The last variable is the one that is true when nothing speaks for another: a common event.
  std::vector<std::pair<Truths, EventType>> ordered(classes.begin(), classes.end());
  std::ranges::stable_sort(ordered, {}, [](const auto& row) { return preference(row.second); });
  std::vector<SatLiteral> choices;
  for (const auto& [truths, type] : ordered) {
    const SatLiteral chosen = solver_.add_variable();
    for (const SatLiteral other : choices) {
      solver_.add_clause({~chosen, ~other});
    }
    choices.push_back(chosen);
    type_literals_.emplace_back(chosen, type);
    for (std::size_t i = 0; i < truths.size(); ++i) {
      if (truths[i] >= 0) {
        solver_.add_clause(
            {~chosen, truths[i] == 1 ? predicate_literals_[i] : ~predicate_literals_[i]});
      }
    }
  }
  solver_.add_clause(choices);
}

SatAnswer RuleLogic::ask(std::span<const SatLiteral> literals) {
  for (std::size_t i = 0; i < models_.size(); ++i) {
    const bool fits = std::ranges::all_of(literals, [&](SatLiteral literal) {
      return models_[i][literal.variable()] != literal.is_negated();
    });
    if (fits) {
      last_model_ = i;
      return SatAnswer::kYes;
    }
  }
  const SatAnswer answer = solver_.solve(literals, kMaxConflicts);
  if (answer == SatAnswer::kYes) {
    if (models_.size() == kMaxModels) {
      models_.erase(models_.begin());
    }
    models_.push_back(solver_.model());
    last_model_ = models_.size() - 1;
  }
  return answer;
}

std::optional<SatLiteral> RuleLogic::missing(const Node& check) const {
  const auto id = checks_.find(&check);
  if (id == checks_.end()) {
    return std::nullopt;
  }
  return theories_.at(predicates_.get(id->second).left)->missing();
}

void RuleLogic::collect_checks(const Node& node, std::vector<const Node*>& out) const {
  if (node.kind == NodeKind::kCheck) {
    out.push_back(&node);
  }
  for (const auto& child : node.children) {
    collect_checks(*child, out);
  }
}

std::optional<Witness> RuleLogic::witness(const std::vector<Expectation>& expected) {
  const std::vector<bool>& model = models_[last_model_];
  Witness witness;
  const auto type = std::ranges::find_if(
      type_literals_, [&](const auto& row) { return model[row.first.variable()]; });
  if (type == type_literals_.end()) {
    return std::nullopt;
  }
  witness.fields.push_back({"evt.type", false, {std::string(event_info(type->second).name)}});
  std::vector<const Node*> checks;
  for (const Expectation& one : expected) {
    collect_checks(*one.condition, checks);
  }
  std::set<std::string> seen = {"evt.type"};
  for (const Node* check : checks) {
    const auto id = checks_.find(check);
    if (id == checks_.end()) {
      return std::nullopt;
    }
    const ExprId left = predicates_.get(id->second).left;
    std::vector<const BoundField*> fields;
    collect_fields(predicates_.expr(left), fields);
    if (fields.size() != 1) {
      continue;
    }
    if (fields.front()->text == "evt.type" && is_generic(type->second)) {
      const auto value = theories_.at(left)->choose(model);
      if (value && !value->texts.empty()) {
        witness.fields.front().texts = value->texts;
      }
      continue;
    }
    if (!seen.insert(fields.front()->text).second) {
      continue;
    }
    if (const auto value = theories_.at(left)->choose(model)) {
      witness.fields.push_back({fields.front()->text, value->is_missing, value->texts});
    }
  }
  return checker_.confirm(std::move(witness), expected);
}

}  // namespace saker::kit
