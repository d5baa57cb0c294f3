// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Event types: fields that no event asked for can have. (Directions and contradictory types are
// found by truth.cc: no event makes them true.)
#include "engine/lang/printer.h"
#include "kit/lint/field_presence.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

void lints::events(LintContext& context) {
  context.for_each_own_check([&](const LintContext::OwnCheck& own) {
    const bool is_all = own.rule != nullptr && own.rule->rule->event_types.all();
    if (own.rule == nullptr || is_all || own.rule->rule->source != "syscall") {
      return;
    }
    const auto bound = bind_expr(own.node->check.left, context.fields());
    if (!bound || !bound->is_plain_field() || bound->text == "evt.type" ||
        !is_absent_on(bound->field, own.rule->rule->event_types)) {
      return;
    }
    context.report(
        "absent-field", own.node->span,
        "'" + bound->text + "' never has a value on the events that rule '" +
            own.rule->source->name + "' asks for, so the check is always false",
        {.item = *own.item, .hint = "`saker --list-events` shows the parameters of each event"});
  });
}

}  // namespace saker::kit
