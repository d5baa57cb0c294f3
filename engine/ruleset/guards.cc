// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/guards.h"

#include <algorithm>

namespace saker {

namespace {

using Kind = ConditionGraph::Kind;

// A guard that holds for about every event saves nothing.
constexpr double kUselessWeight = 64;
// Larger alternatives cost more look-ups than they save.
constexpr std::size_t kMaxAlternatives = 64;

// Rough frequency of one constant: short texts and small numbers are common.
double weight_of_text(CompareOp op, std::string_view text) {
  const auto length = static_cast<double>(text.size());
  switch (op) {
    case CompareOp::kEq:
    case CompareOp::kIn:
    case CompareOp::kIntersects:
      return length <= 1 ? kUselessWeight : 1;
    case CompareOp::kStartswith:
      return length < 2 ? kUselessWeight : 1 + 8 / length;
    case CompareOp::kEndswith:
      return length < 2 ? kUselessWeight : 1 + 16 / length;
    default:
      return length < 4 ? kUselessWeight : 2 + 16 / length;
  }
}

// Equality and membership hold as soon as one candidate is equal.
bool holds_for_any(Quantifier quantifier) {
  return quantifier == Quantifier::kNone || quantifier == Quantifier::kAncestors ||
         quantifier == Quantifier::kEitherEnd;
}

std::optional<Guard> guard_of_predicate(const PredicateTable& predicates, PredicateId id) {
  const Predicate& predicate = predicates.get(id);
  const bool is_combined =
      predicate.modifier != OpModifier::kNone && predicate.modifier != OpModifier::kAnyof;
  if (predicate.test == nullptr || predicate.is_list || is_combined ||
      !holds_for_any(predicate.quantifier)) {
    return std::nullopt;
  }
  double weight = 0;
  if (predicate.value_class == ValueClass::kText) {
    switch (predicate.op) {
      case CompareOp::kEq:
      case CompareOp::kIn:
      case CompareOp::kIntersects:
      case CompareOp::kStartswith:
      case CompareOp::kEndswith:
      case CompareOp::kContains:
        break;
      default:
        return std::nullopt;
    }
    for (const std::string& text : predicate.constants.texts) {
      weight = std::max(weight, weight_of_text(predicate.op, text));
    }
  } else if (predicate.op != CompareOp::kEq && predicate.op != CompareOp::kIn) {
    return std::nullopt;
  } else if (predicate.value_class == ValueClass::kIp) {
    weight = 1;
  } else if (is_number(predicate.value_class)) {
    for (const std::uint64_t number : predicate.constants.numbers) {
      weight = std::max(weight, number < 256 ? kUselessWeight : 2.0);
    }
  } else {
    return std::nullopt;
  }
  if (predicate.quantifier == Quantifier::kAncestors) {
    weight *= 4;
  }
  if (weight >= kUselessWeight) {
    return std::nullopt;
  }
  // Answers about a process are kept, so they cost events nothing.
  return Guard{{id}, predicate.is_process_fact() ? weight / 4 : weight};
}

}  // namespace

std::optional<Guard> find_guard(const ConditionGraph& graph, const PredicateTable& predicates,
                                GraphNodeId id) {
  const ConditionGraph::GraphNode& node = graph.node(id);
  switch (node.kind) {
    case Kind::kConstant:
    case Kind::kNotPredicate:
      return std::nullopt;
    case Kind::kPredicate:
      return guard_of_predicate(predicates, node.predicate);
    case Kind::kAnd: {
      std::optional<Guard> best;
      for (const GraphNodeId child : graph.children(node)) {
        std::optional<Guard> guard = find_guard(graph, predicates, child);
        if (guard && (!best || guard->weight < best->weight)) {
          best = std::move(guard);
        }
      }
      return best;
    }
    case Kind::kOr:
      break;
  }
  Guard all;
  for (const GraphNodeId child : graph.children(node)) {
    const std::optional<Guard> guard = find_guard(graph, predicates, child);
    if (!guard) {
      return std::nullopt;
    }
    all.weight += guard->weight;
    all.any_of.insert(all.any_of.end(), guard->any_of.begin(), guard->any_of.end());
    if (all.any_of.size() > kMaxAlternatives) {
      return std::nullopt;
    }
  }
  return all;
}

}  // namespace saker
