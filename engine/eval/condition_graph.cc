// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/condition_graph.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace saker {

namespace {

using Kind = ConditionGraph::Kind;

// Up to this length, looking through a group is cheaper than a hash set.
constexpr std::size_t kShortGroup = 64;

std::size_t hash_of(Kind kind, PredicateId predicate, std::span<const GraphNodeId> children) {
  const std::string_view bytes(reinterpret_cast<const char*>(children.data()),
                               children.size_bytes());
  const std::size_t head =
      static_cast<std::size_t>(kind) + (static_cast<std::size_t>(predicate) << 3U);
  return std::hash<std::string_view>{}(bytes) ^
         std::hash<std::size_t>{}(head * 0x9e3779b97f4a7c15ULL);
}

Compiled<GraphNodeId> add_node(const Node& node, bool is_negated, const FieldCatalogue& fields,
                               bool allow_pcre2, PredicateTable& predicates,
                               ConditionGraph& graph) {
  switch (node.kind) {
    case NodeKind::kCheck: {
      SAKER_ASSIGN_OR_RETURN(BoundCheck check, bind_check(node.check, fields, allow_pcre2));
      return graph.add_predicate(predicates.add(std::move(check)), is_negated);
    }
    case NodeKind::kNot:
      return add_node(*node.children.front(), !is_negated, fields, allow_pcre2, predicates, graph);
    case NodeKind::kMacro:
      return tl::unexpected(
          CompileError{"Undefined macro '" + node.macro + "' used in filter.", node.span});
    case NodeKind::kAnd:
    case NodeKind::kOr:
      break;
  }
  std::vector<GraphNodeId> children;
  children.reserve(node.children.size());
  for (const auto& child : node.children) {
    SAKER_ASSIGN_OR_RETURN(const GraphNodeId id,
                           add_node(*child, is_negated, fields, allow_pcre2, predicates, graph));
    children.push_back(id);
  }
  const bool is_and = (node.kind == NodeKind::kAnd) != is_negated;
  return graph.add_group(is_and ? Kind::kAnd : Kind::kOr, children);
}

}  // namespace

ConditionGraph::ConditionGraph() {
  nodes_.resize(2);  // kFalse and kTrue
}

GraphNodeId ConditionGraph::intern(Kind kind, PredicateId predicate,
                                   std::span<const GraphNodeId> children) {
  const std::size_t hash = hash_of(kind, predicate, children);
  const auto [begin, end] = by_hash_.equal_range(hash);
  for (auto at = begin; at != end; ++at) {
    const GraphNode& known = node(at->second);
    if (known.kind == kind && known.predicate == predicate &&
        std::ranges::equal(this->children(known), children)) {
      return at->second;
    }
  }
  const auto id = GraphNodeId{static_cast<std::uint32_t>(nodes_.size())};
  nodes_.push_back({.kind = kind,
                    .predicate = predicate,
                    .first_child = static_cast<std::uint32_t>(children_.size()),
                    .child_count = static_cast<std::uint32_t>(children.size())});
  children_.insert(children_.end(), children.begin(), children.end());
  by_hash_.emplace(hash, id);
  return id;
}

GraphNodeId ConditionGraph::add_predicate(PredicateId predicate, bool is_negated) {
  return intern(is_negated ? Kind::kNotPredicate : Kind::kPredicate, predicate, {});
}

GraphNodeId ConditionGraph::add_group(Kind kind, std::span<const GraphNodeId> children) {
  const GraphNodeId neutral = kind == Kind::kAnd ? GraphNodeId::kTrue : GraphNodeId::kFalse;
  const GraphNodeId absorbing = kind == Kind::kAnd ? GraphNodeId::kFalse : GraphNodeId::kTrue;
  std::vector<GraphNodeId> kept;
  std::unordered_set<GraphNodeId> seen;  // only of long groups, which people do not write
  const auto is_new = [&](GraphNodeId id) {
    if (kept.size() < kShortGroup) {
      return std::ranges::find(kept, id) == kept.end();
    }
    if (seen.empty()) {
      seen.insert(kept.begin(), kept.end());
    }
    return seen.insert(id).second;
  };
  const auto keep = [&](GraphNodeId id) {
    if (id != neutral && is_new(id)) {
      kept.push_back(id);
    }
  };
  for (const GraphNodeId child : children) {
    if (child == absorbing) {
      return absorbing;
    }
    if (node(child).kind == kind) {
      const std::span<const GraphNodeId> inner = this->children(node(child));
      std::ranges::for_each(inner, keep);
    } else {
      keep(child);
    }
  }
  if (kept.empty()) {
    return neutral;
  }
  return kept.size() == 1 ? kept.front() : intern(kind, PredicateId{}, kept);
}

GraphNodeId ConditionGraph::specialise(GraphNodeId id, const Known& known,
                                       std::unordered_map<GraphNodeId, GraphNodeId>& memo) {
  const GraphNode current = node(id);  // a copy: adding nodes moves them
  if (current.kind == Kind::kConstant) {
    return id;
  }
  if (const auto found = memo.find(id); found != memo.end()) {
    return found->second;
  }
  GraphNodeId result = id;
  if (current.kind == Kind::kPredicate || current.kind == Kind::kNotPredicate) {
    if (const std::optional<bool> truth = known(current.predicate)) {
      result =
          *truth == (current.kind == Kind::kPredicate) ? GraphNodeId::kTrue : GraphNodeId::kFalse;
    }
  } else {
    const std::span<const GraphNodeId> view = children(current);
    std::vector<GraphNodeId> folded(view.begin(), view.end());
    for (GraphNodeId& child : folded) {
      child = specialise(child, known, memo);
    }
    result = add_group(current.kind, folded);
  }
  memo.emplace(id, result);
  return result;
}

bool ConditionGraph::any_predicate(GraphNodeId id,
                                   const std::function<bool(PredicateId)>& test) const {
  const GraphNode& current = node(id);
  if (current.kind == Kind::kPredicate || current.kind == Kind::kNotPredicate) {
    return test(current.predicate);
  }
  return std::ranges::any_of(children(current),
                             [&](GraphNodeId child) { return any_predicate(child, test); });
}

Compiled<GraphNodeId> add_condition(const Node& condition, const FieldCatalogue& fields,
                                    bool allow_pcre2, PredicateTable& predicates,
                                    ConditionGraph& graph) {
  return add_node(condition, false, fields, allow_pcre2, predicates, graph);
}

}  // namespace saker
