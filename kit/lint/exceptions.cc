// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Exceptions that never take anything away from their rule. The loader puts them behind the
// condition: (condition) and not (first exception) and not ((row) or (row)).
#include <algorithm>

#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

void check_row(LintContext& context, const RuleView& view, SatLiteral base, const Node& row) {
  const auto literal = context.logic().literal_of(row);
  if (!literal || context.logic().ask({base, *literal}) != SatAnswer::kNo) {
    return;
  }
  std::optional<Witness> witness;
  if (context.logic().ask({base}) == SatAnswer::kYes) {
    witness = context.logic().witness({{&row, false}, {view.condition->tree.get(), true}});
  }
  context.report("exception-without-effect", row.span,
                 "the exception never applies: no event that rule '" + view.source->name +
                     "' matches is like that",
                 {.item = view.source->name, .witness = std::move(witness)});
}

}  // namespace

void lints::exceptions(LintContext& context) {
  for (const RuleView& view : context.rules()) {
    const Node& root = *view.condition->tree;
    const bool has_values = std::ranges::any_of(
        view.source->exceptions, [](const RuleException& e) { return !e.values.empty(); });
    if (!view.is_live || !has_values || root.kind != NodeKind::kAnd) {
      continue;
    }
    const auto base = context.logic().literal_of(*root.children.front());
    for (std::size_t i = 1; base && i < root.children.size(); ++i) {
      const Node& part = *root.children[i];
      if (part.kind != NodeKind::kNot) {
        continue;
      }
      const Node& exception = *part.children.front();
      if (exception.kind != NodeKind::kOr) {
        check_row(context, view, *base, exception);
        continue;
      }
      for (const auto& row : exception.children) {
        check_row(context, view, *base, *row);
      }
    }
  }
}

}  // namespace saker::kit
