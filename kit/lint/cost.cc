// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Checks that cost more than others, where cheaper ones that could decide stand behind them.
#include <algorithm>
#include <string_view>

#include "engine/lang/printer.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

bool is_expensive(const Check& check) {
  const std::string field = print(check.left);
  const bool is_long = field == "evt.args" || field == "evt.buffer" || field == "proc.env";
  switch (check.op) {
    case CompareOp::kRegex:
    case CompareOp::kGlob:
    case CompareOp::kIglob:
    case CompareOp::kIcontains:
      return true;
    case CompareOp::kContains:
    case CompareOp::kBcontains:
      return is_long;
    default:
      return false;
  }
}

bool is_event_type(const Node& node) {
  return node.kind == NodeKind::kCheck && print(node.check.left) == "evt.type";
}

}  // namespace

void lints::cost(LintContext& context) {
  context.for_each_own_check([&](const LintContext::OwnCheck& own) {
    if (!is_expensive(own.node->check) || own.parent == nullptr ||
        own.parent->kind != NodeKind::kAnd || own.is_negated) {
      return;
    }
    const auto& siblings = own.parent->children;
    const auto self = std::ranges::find_if(
        siblings, [&](const auto& sibling) { return sibling.get() == own.node; });
    const auto cheaper = std::find_if(self, siblings.end(), [&](const auto& sibling) {
      return sibling.get() != own.node && sibling->kind == NodeKind::kCheck &&
             !is_expensive(sibling->check) && !is_event_type(*sibling);
    });
    if (cheaper == siblings.end()) {
      return;
    }
    context.report("expensive-check", own.node->span,
                   "'" + std::string(to_text(own.node->check.op)) +
                       "' is asked before the cheaper '" + print((*cheaper)->check) + "'",
                   {.item = *own.item, .hint = "put cheap checks that often fail first"});
  });
}

}  // namespace saker::kit
