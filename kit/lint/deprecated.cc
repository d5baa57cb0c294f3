// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// evt.dir: there are no enter events any more, so `evt.dir = <` says nothing. Leaving it out is the
// migration, and mechanical. (Other deprecated fields and keys are found by loading.)
#include <string_view>

#include "engine/lang/printer.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Bytes to delete so that the check and one `and` beside it are gone; an empty span when the text
// around is not as plain as that.
SourceSpan removal_of(std::string_view text, SourceSpan check) {
  constexpr std::string_view kAnd = "and";
  const auto is_and = [&](std::size_t at) {
    const auto is_blank = [&](std::size_t i) {
      return i >= text.size() || kBlanks.find(text[i]) != std::string_view::npos ||
             text[i] == '(' || text[i] == ')';
    };
    return text.substr(at, kAnd.size()) == kAnd && (at == 0 || is_blank(at - 1)) &&
           is_blank(at + kAnd.size());
  };
  const std::size_t before = text.find_last_not_of(kBlanks, check.begin - 1);
  if (before != std::string_view::npos && before >= 2 && is_and(before - 2)) {
    const std::size_t word = before - 2;
    const std::size_t blank = text.find_last_not_of(kBlanks, word - 1);
    // Leaves the line end in place when the `and` begins a line.
    const bool begins_line =
        text.substr(blank + 1, word - blank - 1).find('\n') != std::string_view::npos;
    if (!begins_line) {
      return {check.source, static_cast<std::uint32_t>(blank + 1), check.end};
    }
    std::size_t end = check.end;
    if (end < text.size() && text[end] == ' ') {
      ++end;
    }
    return {check.source, static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(end)};
  }
  const std::size_t behind = text.find_first_not_of(kBlanks, check.end);
  if (behind != std::string_view::npos && is_and(behind)) {
    const std::size_t next = text.find_first_not_of(kBlanks, behind + kAnd.size());
    if (next != std::string_view::npos) {
      return {check.source, check.begin, static_cast<std::uint32_t>(next)};
    }
  }
  return {};
}

}  // namespace

void lints::deprecated(LintContext& context) {
  context.for_each_own_check([&](const LintContext::OwnCheck& own) {
    const Check& check = own.node->check;
    const FieldExpr* field = check.left.as_field();
    if (field == nullptr || field->name != "evt.dir") {
      return;
    }
    const Literal* right = check.right_literal();
    const bool is_exit = check.op == CompareOp::kEq && right != nullptr && right->text == "<";
    if (!is_exit) {
      if (!own.is_negated && check.op == CompareOp::kEq) {
        return;  // enter-event says it
      }
      context.report("deprecated-direction", own.node->span,
                     "'evt.dir' is deprecated: there are exit events only", {.item = *own.item});
      return;
    }
    Details details{.item = *own.item, .hint = "leave it out"};
    const SourceSpan place = context.to_file(own.node->span);
    const bool is_part = own.parent != nullptr && own.parent->kind == NodeKind::kAnd;
    if (is_part && place.source != SourceId::kNone && place.begin > 0) {
      const SourceSpan removed = removal_of(context.loaded().sources.text(place.source), place);
      if (removed.source != SourceId::kNone) {
        details.fix = {Edit{removed, ""}};
      }
    }
    context.report("deprecated-direction", own.node->span,
                   "'evt.dir = <' is deprecated and always true: there are exit events only",
                   std::move(details));
  });
}

}  // namespace saker::kit
