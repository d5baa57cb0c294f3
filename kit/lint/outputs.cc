// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Output fields that are <NA> in every alert of their rule.
#include "kit/lint/field_presence.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

void lints::outputs(LintContext& context) {
  for (const RuleView& view : context.rules()) {
    if (!view.is_live || view.rule->event_types.all()) {
      continue;
    }
    for (const BoundExpr& expression : view.rule->output.expressions) {
      if (!expression.is_plain_field() || !is_absent_on(expression.field, view.rule->event_types)) {
        continue;
      }
      const std::string& text = view.source->output.text();
      const std::size_t at = text.find("%" + expression.text);
      const SourceSpan place = at == std::string::npos ? view.source->output_context->span()
                                                       : view.source->output.origin_of(
                                                             at, at + 1 + expression.text.size());
      context.report("output-always-missing", place,
                     "'%" + expression.text + "' is <NA> in every alert of rule '" +
                         view.source->name + "': its events have no such value",
                     {.item = view.source->name});
    }
  }
}

}  // namespace saker::kit
