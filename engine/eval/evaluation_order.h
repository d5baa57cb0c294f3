// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// In which order the parts of a condition are asked: what is cheap and likely to decide comes
// first. Predicates are pure, so the order never changes a verdict.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "engine/eval/condition_graph.h"
#include "engine/eval/predicate.h"

namespace saker {

class EvaluationOrder {
public:
  using Likelihood = std::function<double(PredicateId)>;

  // Graph and predicates must outlive the order. Without `likelihood` predicate_likelihood() says
  // how often a predicate holds.
  EvaluationOrder(const ConditionGraph& graph, const PredicateTable& predicates,
                  Likelihood likelihood = nullptr);

  // The children of an and/or node in the order to ask them.
  [[nodiscard]] std::vector<GraphNodeId> children(GraphNodeId id);

private:
  struct Estimate {
    double cost = 0;
    double likelihood = 0;
  };

  Estimate estimate(GraphNodeId id);

  const ConditionGraph& graph_;
  const PredicateTable& predicates_;
  Likelihood likelihood_;
  std::unordered_map<GraphNodeId, Estimate> known_;
};

}  // namespace saker
