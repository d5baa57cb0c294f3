// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/evaluation_order.h"

#include <algorithm>
#include <utility>

#include "engine/eval/predicate_cost.h"

namespace saker {

namespace {

using Kind = ConditionGraph::Kind;

// Keeps ranks finite for parts that hold always or never.
constexpr double kLeastChance = 0.01;

}  // namespace

EvaluationOrder::EvaluationOrder(const ConditionGraph& graph, const PredicateTable& predicates,
                                 Likelihood likelihood)
    : graph_(graph), predicates_(predicates), likelihood_(std::move(likelihood)) {}

// Source: the least expected cost of a series of tests is reached in the order of cost divided by
// the chance to end the series.
std::vector<GraphNodeId> EvaluationOrder::children(GraphNodeId id) {
  const ConditionGraph::GraphNode& node = graph_.node(id);
  const bool is_and = node.kind == Kind::kAnd;
  std::vector<std::pair<double, GraphNodeId>> ranked;
  for (const GraphNodeId child : graph_.children(node)) {
    const Estimate part = estimate(child);
    const double chance = is_and ? 1 - part.likelihood : part.likelihood;
    ranked.emplace_back(part.cost / std::max(chance, kLeastChance), child);
  }
  std::ranges::stable_sort(ranked, {}, &std::pair<double, GraphNodeId>::first);
  std::vector<GraphNodeId> order;
  for (const auto& [rank, child] : ranked) {
    order.push_back(child);
  }
  return order;
}

EvaluationOrder::Estimate EvaluationOrder::estimate(GraphNodeId id) {
  const ConditionGraph::GraphNode& node = graph_.node(id);
  switch (node.kind) {
    case Kind::kConstant:
      return {.cost = 0, .likelihood = id == GraphNodeId::kTrue ? 1.0 : 0.0};
    case Kind::kPredicate:
    case Kind::kNotPredicate: {
      const double likelihood = likelihood_ ? likelihood_(node.predicate)
                                            : predicate_likelihood(predicates_, node.predicate);
      return {.cost = predicate_cost(predicates_, node.predicate),
              .likelihood = node.kind == Kind::kPredicate ? likelihood : 1 - likelihood};
    }
    case Kind::kAnd:
    case Kind::kOr:
      break;
  }
  if (const auto found = known_.find(id); found != known_.end()) {
    return found->second;
  }
  Estimate whole;
  double goes_on = 1;  // chance that the next part is asked
  for (const GraphNodeId child : children(id)) {
    const Estimate part = estimate(child);
    whole.cost += goes_on * part.cost;
    goes_on *= node.kind == Kind::kAnd ? part.likelihood : 1 - part.likelihood;
  }
  whole.likelihood = node.kind == Kind::kAnd ? goes_on : 1 - goes_on;
  known_.emplace(id, whole);
  return whole;
}

}  // namespace saker
