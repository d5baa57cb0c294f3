// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A check on a field without a value is false, whatever its operator. So `x != a` does not match
// when there is no x, and `not x in (a)` does.
#include <algorithm>
#include <string_view>

#include "engine/lang/printer.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

// Fields (or beginnings of their names) that events of an ordinary process often do not have.
constexpr std::string_view kOftenMissing[] = {
    "fd.",
    "fs.path.",
    "container.image",
    "container.mount",
    "container.health",
    "k8s.",
    "proc.aname",
    "proc.aexe",
    "proc.aexepath",
    "proc.acmdline",
    "proc.apid",
    "proc.aenv",
    "evt.arg",
    "evt.rawarg",
    "evt.buffer",
    "user.loginname",
    "evt.abspath",
    "proc.env",
    "proc.sname",
};

bool is_often_missing(std::string_view field) {
  return std::ranges::any_of(kOftenMissing,
                             [&](std::string_view prefix) { return field.starts_with(prefix); });
}

// Whether a check beside it already needs the field to have a value.
bool is_guarded(const LintContext::OwnCheck& own, std::string_view field) {
  if (own.parent == nullptr) {
    return false;
  }
  return std::ranges::any_of(own.parent->children, [&](const auto& sibling) {
    if (sibling.get() == own.node || sibling->kind != NodeKind::kCheck) {
      return false;
    }
    const FieldExpr* other = sibling->check.left.as_field();
    return other != nullptr && print(sibling->check.left) == field &&
           sibling->check.op != CompareOp::kNe;
  });
}

// Whether the rule or macro can be true at all without a value of the field.
bool can_be_missing(LintContext& context, const LintContext::OwnCheck& own) {
  const auto missing = context.logic().missing(*own.node);
  return !missing || context.logic().ask({own.whole, *missing}) != SatAnswer::kNo;
}

}  // namespace

void lints::nullable(LintContext& context) {
  context.for_each_own_check([&](const LintContext::OwnCheck& own) {
    const Check& check = own.node->check;
    if (check.left.as_field() == nullptr) {
      return;
    }
    const std::string field = print(check.left);
    const bool is_not_equal = check.op == CompareOp::kNe && !own.is_negated;
    const ListValue* list = check.right_list();
    const bool is_not_in = own.is_negated && list != nullptr && !list->items.empty() &&
                           (check.op == CompareOp::kIn || check.op == CompareOp::kPmatch);
    if ((!is_not_equal && !is_not_in) || !is_often_missing(field) || is_guarded(own, field) ||
        (is_not_in && !can_be_missing(context, own))) {
      return;
    }
    Witness witness;
    witness.fields = {{"evt.type", false, {"openat"}}, {field, true, {}}};
    if (!context.logic().checker().holds(witness, {{own.node, false}})) {
      return;
    }
    context.report(
        is_not_equal ? "null-not-equal" : "null-not-in", own.node->span,
        is_not_equal ? "'" + print(check) + "' is false when there is no " + field
                     : "'not " + print(check) + "' is true when there is no " + field,
        {.item = *own.item,
         .hint = is_not_equal ? "if events without it count too: not " + field + " = ..."
                              : "if they shall not count: " + field + " exists and not ...",
         .witness = std::move(witness)});
  });
}

}  // namespace saker::kit
