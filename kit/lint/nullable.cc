// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A check on a field without a value is false, whatever its operator. So `x != a` does not match
// when there is no x, and `not x in (a)` does.
#include <algorithm>
#include <string_view>

#include "engine/eval/event_types.h"
#include "engine/event/catalogue.h"
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

// Lists in messages are cut.
constexpr std::size_t kMaxShownBytes = 90;

std::string shown(const Check& check) {
  const std::string text = print(check);
  return text.size() <= kMaxShownBytes ? text : text.substr(0, kMaxShownBytes - 3) + "...";
}

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

// The condition of the rule or macro that the check stands in.
const Node* whole_of(const LintContext& context, const LintContext::OwnCheck& own) {
  if (own.rule != nullptr) {
    return own.rule->condition->tree.get();
  }
  const auto macro = std::ranges::find_if(
      context.macros(), [&](const MacroView& one) { return one.source->name == *own.item; });
  return macro == context.macros().end() ? nullptr : macro->tree;
}

// An event type that the rule or macro asks for.
std::string event_type_of(const Node& whole) {
  const auto types = event_types_of(whole);
  if (types && !types->all()) {
    for (const EventInfo& info : all_events()) {
      if (types->test(index_of(info.type)) && info.is_current() && reaches_rules(info.type)) {
        return std::string(info.name);
      }
    }
  }
  return "openat";
}

// For `not in`: an event that matches the whole condition without the field, as far as one is
// found. Else one for which the check says what the report says.
std::optional<Witness> witness_of(LintContext& context, const LintContext::OwnCheck& own,
                                  const std::string& field, bool is_not_in) {
  const Node* whole = whole_of(context, own);
  const auto missing = context.logic().missing(*own.node);
  if (whole != nullptr && is_not_in && missing &&
      context.logic().ask({own.whole, *missing}) == SatAnswer::kYes) {
    if (auto found = context.logic().witness({{whole, true}, {own.node, false}})) {
      if (std::ranges::find(found->fields, field, &WitnessField::field) == found->fields.end()) {
        found->fields.push_back({field, true, {}});
      }
      return found;
    }
  }
  Witness witness;
  const std::string type = whole == nullptr ? "openat" : event_type_of(*whole);
  witness.fields = {{"evt.type", false, {type}}, {field, true, {}}};
  if (!context.logic().checker().holds(witness, {{own.node, false}})) {
    return std::nullopt;
  }
  return witness;
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
    auto witness = witness_of(context, own, field, is_not_in);
    if (!witness) {
      return;
    }
    context.report(
        is_not_equal ? "null-not-equal" : "null-not-in", own.node->span,
        is_not_equal ? "'" + shown(check) + "' is false when there is no " + field
                     : "'not " + shown(check) + "' is true when there is no " + field,
        {.item = *own.item,
         .hint = is_not_equal ? "if events without it count too: not " + field + " = ..."
                              : "if they shall not count: " + field + " exists and not ...",
         .witness = std::move(witness)});
  });
}

}  // namespace saker::kit
