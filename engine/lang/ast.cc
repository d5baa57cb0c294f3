// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/ast.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/check.h"

namespace saker {

SourceSpan Expr::span() const {
  return std::visit([](const auto& alternative) { return alternative.span; }, value);
}

SourceSpan Check::right_span() const {
  if (const Literal* literal = right_literal()) {
    return literal->span;
  }
  if (const ListValue* list = right_list()) {
    return list->span;
  }
  if (const Expr* expr = right_expr()) {
    return expr->span();
  }
  return SourceSpan{};
}

Node::~Node() {
  // The children of a dying child are moved here first, so that no destructor finds grandchildren.
  std::vector<std::unique_ptr<Node>> dying = std::move(children);
  while (!dying.empty()) {
    std::unique_ptr<Node> node = std::move(dying.back());
    dying.pop_back();
    if (node != nullptr) {
      std::move(node->children.begin(), node->children.end(), std::back_inserter(dying));
      node->children.clear();
    }
  }
}

std::unique_ptr<Node> make_check_node(Check check, SourceSpan span) {
  auto node = std::make_unique<Node>();
  node->kind = NodeKind::kCheck;
  node->check = std::move(check);
  node->span = span;
  return node;
}

std::unique_ptr<Node> make_macro_node(std::string name, SourceSpan span) {
  auto node = std::make_unique<Node>();
  node->kind = NodeKind::kMacro;
  node->macro = std::move(name);
  node->span = span;
  return node;
}

std::unique_ptr<Node> make_not_node(std::unique_ptr<Node> child, SourceSpan span) {
  auto node = std::make_unique<Node>();
  node->kind = NodeKind::kNot;
  node->children.push_back(std::move(child));
  node->span = span;
  return node;
}

std::unique_ptr<Node> make_group_node(NodeKind kind, std::vector<std::unique_ptr<Node>> children,
                                      SourceSpan span) {
  SAKER_DCHECK(kind == NodeKind::kAnd || kind == NodeKind::kOr);
  auto node = std::make_unique<Node>();
  node->kind = kind;
  node->children = std::move(children);
  node->span = span;
  return node;
}

std::unique_ptr<Node> clone(const Node& node) {
  auto root = std::make_unique<Node>();
  std::vector<std::pair<const Node*, Node*>> pending{{&node, root.get()}};
  while (!pending.empty()) {
    const auto [from, to] = pending.back();
    pending.pop_back();
    to->kind = from->kind;
    to->check = from->check;
    to->macro = from->macro;
    to->span = from->span;
    to->expansion = from->expansion;
    to->children.reserve(from->children.size());
    for (const std::unique_ptr<Node>& child : from->children) {
      to->children.push_back(std::make_unique<Node>());
      pending.emplace_back(child.get(), to->children.back().get());
    }
  }
  return root;
}

std::string_view to_text(CompareOp op) {
  static constexpr std::array<std::string_view, 19> kTexts{
      "exists",   "=",         "!=",        "<",          "<=",          ">",        ">=",
      "contains", "icontains", "bcontains", "startswith", "bstartswith", "endswith", "glob",
      "iglob",    "regex",     "in",        "intersects", "pmatch"};
  return kTexts[static_cast<std::size_t>(op)];
}

std::string_view to_text(OpModifier modifier) {
  static constexpr std::array<std::string_view, 4> kTexts{"", "oneof", "anyof", "allof"};
  return kTexts[static_cast<std::size_t>(modifier)];
}

bool is_transformer_name(std::string_view name) {
  return std::find(kTransformerNames.begin(), kTransformerNames.end(), name) !=
         kTransformerNames.end();
}

}  // namespace saker
