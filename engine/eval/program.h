// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A condition lowered to a forward-only decision graph over predicates: each step asks one
// predicate and jumps forward, so running it ends after at most as many steps as it has.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/eval/condition_graph.h"
#include "engine/eval/evaluation_order.h"

namespace saker {

// Where a step jumps to: an index of a later step, or one of the two ends.
using StepIndex = std::uint32_t;
inline constexpr StepIndex kReject = 0xffffffff;
inline constexpr StepIndex kAccept = 0xfffffffe;

[[nodiscard]] constexpr bool is_end(StepIndex at) {
  return at == kAccept || at == kReject;
}

struct Step {
  PredicateId predicate{};
  StepIndex on_true = kReject;
  StepIndex on_false = kReject;
};

class Program {
public:
  // Lowers the node, or finds it lowered already. Returns where it starts, kAccept or kReject for
  // constants. Without `order` the parts are asked as they were written.
  StepIndex lower(const ConditionGraph& graph, GraphNodeId node, EvaluationOrder* order = nullptr);

  [[nodiscard]] std::span<const Step> steps() const { return steps_; }

  // True when every jump goes forward or to an end.
  [[nodiscard]] bool verify() const;

private:
  std::vector<Step> steps_;
  // Where nodes start: as written, and in a better order.
  std::unordered_map<GraphNodeId, StepIndex> starts_[2];
};

}  // namespace saker
