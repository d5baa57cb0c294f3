// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/program.h"

#include <algorithm>

namespace saker {

namespace {

using Kind = ConditionGraph::Kind;

// Emits steps last to first, so that jump targets are known; indexes count from the end until
// flipped.
class Lowering {
public:
  Lowering(const ConditionGraph& graph, EvaluationOrder* order) : graph_(graph), order_(order) {}

  // Returns the reversed index of the first step of `id`, given where its outcomes go.
  StepIndex emit(GraphNodeId id, StepIndex on_true, StepIndex on_false) {
    if (id == GraphNodeId::kTrue) {
      return on_true;
    }
    if (id == GraphNodeId::kFalse) {
      return on_false;
    }
    const ConditionGraph::GraphNode& node = graph_.node(id);
    switch (node.kind) {
      case Kind::kPredicate:
        return push({node.predicate, on_true, on_false});
      case Kind::kNotPredicate:
        return push({node.predicate, on_false, on_true});
      default:
        break;
    }
    const std::span<const GraphNodeId> written = graph_.children(node);
    const std::vector<GraphNodeId> children =
        order_ != nullptr ? order_->children(id) : std::vector(written.begin(), written.end());
    const bool is_and = node.kind == Kind::kAnd;
    StepIndex next = is_and ? on_true : on_false;
    for (auto child = children.rbegin(); child != children.rend(); ++child) {
      next = is_and ? emit(*child, next, on_false) : emit(*child, on_true, next);
    }
    return next;
  }

  [[nodiscard]] const std::vector<Step>& reversed() const { return steps_; }

private:
  StepIndex push(Step step) {
    steps_.push_back(step);
    return static_cast<StepIndex>(steps_.size() - 1);
  }

  const ConditionGraph& graph_;
  EvaluationOrder* order_;
  std::vector<Step> steps_;
};

}  // namespace

StepIndex Program::lower(const ConditionGraph& graph, GraphNodeId node, EvaluationOrder* order) {
  if (node == GraphNodeId::kTrue) {
    return kAccept;
  }
  if (node == GraphNodeId::kFalse) {
    return kReject;
  }
  auto& starts = starts_[order == nullptr ? 0 : 1];
  if (const auto found = starts.find(node); found != starts.end()) {
    return found->second;
  }
  Lowering lowering(graph, order);
  const StepIndex first = lowering.emit(node, kAccept, kReject);
  const std::vector<Step>& reversed = lowering.reversed();
  const auto base = static_cast<StepIndex>(steps_.size());
  const auto last = static_cast<StepIndex>(reversed.size() - 1);
  const auto flip = [&](StepIndex at) { return is_end(at) ? at : base + (last - at); };
  for (auto step = reversed.rbegin(); step != reversed.rend(); ++step) {
    steps_.push_back({step->predicate, flip(step->on_true), flip(step->on_false)});
  }
  const StepIndex start = flip(first);
  starts.emplace(node, start);
  return start;
}

bool Program::verify() const {
  for (StepIndex i = 0; i < steps_.size(); ++i) {
    for (const StepIndex target : {steps_[i].on_true, steps_[i].on_false}) {
      if (!is_end(target) && (target <= i || target >= steps_.size())) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace saker
