// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Lists and macros that say the same under two names. (Unused ones are found by loading.)
#include <algorithm>
#include <map>

#include "engine/lang/printer.h"
#include "kit/base/text.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

void lints::names(LintContext& context) {
  std::map<std::vector<std::string>, const ListSource*> lists;
  const auto& rows = context.trees().definitions.lists.rows();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<std::string> items = context.trees().lists[i].items;
    std::ranges::sort(items);
    items.erase(std::unique(items.begin(), items.end()), items.end());
    if (items.size() < 2 || !context.trees().lists[i].lists.empty()) {
      continue;  // lists of one item often stand for one thing each
    }
    const auto [first, is_new] = lists.emplace(std::move(items), &rows[i]);
    if (!is_new) {
      context.report(
          "duplicate-list", rows[i].context->span(),
          "list '" + rows[i].name + "' has the items of list '" + first->second->name + "'",
          {.item = rows[i].name, .notes = {{first->second->context->span(), "the other list"}}});
    }
  }
  std::map<std::string, const MacroSource*> macros;
  for (const MacroView& view : context.macros()) {
    const std::string text = print(*view.tree);
    // A placeholder that many macros share is meant to be replaced one by one; so is another name
    // for a macro.
    if (view.tree->kind == NodeKind::kCheck || view.tree->expansion != ExpansionId::kNone) {
      continue;
    }
    const auto [first, is_new] = macros.emplace(text, view.source);
    if (!is_new) {
      context.report(
          "duplicate-macro", view.source->context->span(),
          "macro '" + view.source->name + "' says what macro '" + first->second->name + "' says",
          {.item = view.source->name,
           .notes = {{first->second->context->span(), "the other macro"}}});
    }
  }
}

}  // namespace saker::kit
