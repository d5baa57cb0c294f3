// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/condition_graph.h"

#include <array>

#include <gtest/gtest.h>

#include "engine/eval/program.h"

namespace saker {
namespace {

using Kind = ConditionGraph::Kind;

PredicateId predicate(std::uint32_t n) {
  return PredicateId{n};
}

TEST(ConditionGraph, EqualConditionsAreOneNode) {
  ConditionGraph graph;
  const auto a = graph.add_predicate(predicate(0), false);
  const auto b = graph.add_predicate(predicate(1), true);
  EXPECT_EQ(graph.add_group(Kind::kAnd, std::array{a, b}),
            graph.add_group(Kind::kAnd, std::array{a, b, a}));
  EXPECT_NE(graph.add_group(Kind::kAnd, std::array{a, b}),
            graph.add_group(Kind::kOr, std::array{a, b}));
}

TEST(ConditionGraph, FoldsConstantsAndSingles) {
  ConditionGraph graph;
  const auto a = graph.add_predicate(predicate(0), false);
  EXPECT_EQ(graph.add_group(Kind::kAnd, std::array{a, GraphNodeId::kTrue}), a);
  EXPECT_EQ(graph.add_group(Kind::kAnd, std::array{a, GraphNodeId::kFalse}), GraphNodeId::kFalse);
  EXPECT_EQ(graph.add_group(Kind::kOr, std::array{a, GraphNodeId::kTrue}), GraphNodeId::kTrue);
  EXPECT_EQ(graph.add_group(Kind::kOr, std::span<const GraphNodeId>()), GraphNodeId::kFalse);
}

TEST(ConditionGraph, SpecialisesByWhatIsKnown) {
  ConditionGraph graph;
  const auto a = graph.add_predicate(predicate(0), false);
  const auto not_b = graph.add_predicate(predicate(1), true);
  const auto c = graph.add_predicate(predicate(2), false);
  const auto either = graph.add_group(Kind::kOr, std::array{not_b, c});
  const auto all = graph.add_group(Kind::kAnd, std::array{a, either});
  std::unordered_map<GraphNodeId, GraphNodeId> memo;
  const ConditionGraph::Known b_is_true = [](PredicateId id) {
    return id == predicate(1) ? std::optional(true) : std::nullopt;
  };
  EXPECT_EQ(graph.specialise(all, b_is_true, memo), graph.add_group(Kind::kAnd, std::array{a, c}));
}

// Every assignment of the predicates gives what the tree gives.
TEST(Program, DecidesLikeTheTree) {
  ConditionGraph graph;
  const auto a = graph.add_predicate(predicate(0), false);
  const auto not_b = graph.add_predicate(predicate(1), true);
  const auto c = graph.add_predicate(predicate(2), false);
  const auto left = graph.add_group(Kind::kAnd, std::array{a, not_b});
  const auto root = graph.add_group(Kind::kOr, std::array{left, c});
  Program program;
  const StepIndex start = program.lower(graph, root);
  EXPECT_TRUE(program.verify());
  EXPECT_EQ(program.lower(graph, root), start);
  for (unsigned bits = 0; bits < 8; ++bits) {
    StepIndex at = start;
    while (at < kAccept) {
      const Step& step = program.steps()[at];
      at = (bits >> static_cast<unsigned>(step.predicate) & 1U) != 0 ? step.on_true : step.on_false;
    }
    const bool expected = ((bits & 1U) != 0 && (bits & 2U) == 0) || (bits & 4U) != 0;
    EXPECT_EQ(at == kAccept, expected) << bits;
  }
}

}  // namespace
}  // namespace saker
