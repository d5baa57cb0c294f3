// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Conditions as a graph of and/or over predicates in which equal sub-expressions are one node, over
// the whole rule set. Negation stands on predicates only (a check without a value is false, so
// `not` is plain complement and De Morgan holds). Nodes refer to earlier nodes, so every walk ends.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/eval/predicate.h"
#include "engine/lang/ast.h"

namespace saker {

enum class GraphNodeId : std::uint32_t { kFalse = 0, kTrue = 1 };

class ConditionGraph {
public:
  enum class Kind : std::uint8_t { kConstant, kPredicate, kNotPredicate, kAnd, kOr };

  struct GraphNode {
    Kind kind = Kind::kConstant;
    PredicateId predicate{};
    std::uint32_t first_child = 0;  // into children
    std::uint32_t child_count = 0;
  };

  ConditionGraph();

  GraphNodeId add_predicate(PredicateId predicate, bool is_negated);
  // Flattens, drops duplicates, folds constants; keeps the order otherwise.
  GraphNodeId add_group(Kind kind, std::span<const GraphNodeId> children);

  // What is known of a predicate; nullopt: nothing.
  using Known = std::function<std::optional<bool>(PredicateId)>;
  // The node with known predicates replaced by constants. `memo` (node -> result) may be shared
  // between calls with the same `known`.
  GraphNodeId specialise(GraphNodeId id, const Known& known,
                         std::unordered_map<GraphNodeId, GraphNodeId>& memo);

  // Whether `test` holds for some predicate below `id`.
  [[nodiscard]] bool any_predicate(GraphNodeId id,
                                   const std::function<bool(PredicateId)>& test) const;

  [[nodiscard]] const GraphNode& node(GraphNodeId id) const {
    return nodes_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] std::span<const GraphNodeId> children(const GraphNode& node) const {
    return std::span(children_).subspan(node.first_child, node.child_count);
  }

private:
  GraphNodeId intern(Kind kind, PredicateId predicate, std::span<const GraphNodeId> children);

  std::vector<GraphNode> nodes_;
  std::vector<GraphNodeId> children_;
  std::unordered_multimap<std::size_t, GraphNodeId> by_hash_;
};

// Binds every check of the tree and adds the tree.
[[nodiscard]] Compiled<GraphNodeId> add_condition(const Node& condition,
                                                  const FieldCatalogue& fields, bool allow_pcre2,
                                                  PredicateTable& predicates,
                                                  ConditionGraph& graph);

}  // namespace saker
