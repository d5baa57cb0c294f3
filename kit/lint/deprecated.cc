// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What has a mechanical migration: `evt.dir = <` (there are no enter events any more, so it says
// nothing), `append: true` and a lone `enabled` (both have a form under `override`). Other
// deprecated fields and keys are found by loading.
#include <algorithm>
#include <string_view>

#include "engine/lang/printer.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Bytes to delete so that the check and one `and` beside it are gone; an empty span when the text
// around is not as plain as that.
SourceSpan check_removal(std::string_view text, SourceSpan check) {
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

// An edit that turns `append: true` into an override of every key that was appended; empty when the
// item has keys that an append ignores.
std::vector<Edit> append_fix(const YamlNode& item, const YamlNode& key, const YamlNode& value,
                             SourceId source) {
  constexpr std::string_view kNames[] = {"rule", "macro", "list", "append"};
  constexpr std::string_view kAppended[] = {"condition", "items", "exceptions"};
  const std::string indent(key.mark.column, ' ');
  std::string text = "override:";
  for (std::size_t i = 0; i + 1 < item.items.size(); i += 2) {
    const std::string_view name = item.items[i]->text;
    if (std::ranges::count(kAppended, name) > 0) {
      text += "\n" + indent + "  " + std::string(name) + ": append";
    } else if (std::ranges::count(kNames, name) == 0) {
      return {};
    }
  }
  const auto end = value.mark.offset + static_cast<std::uint32_t>(value.text.size());
  return {Edit{SourceSpan{source, key.mark.offset, end}, std::move(text)}};
}

void check_item(LintContext& context, const YamlNode& item, SourceId source) {
  for (std::size_t i = 0; i + 1 < item.items.size(); i += 2) {
    const YamlNode& key = *item.items[i];
    const YamlNode& value = *item.items[i + 1];
    const auto end = value.mark.offset + static_cast<std::uint32_t>(value.text.size());
    const SourceSpan place{source, key.mark.offset, end};
    if (key.text == "append" && value.is_plain && value.text == "true") {
      context.report("deprecated-append", place, "'append: true' is deprecated",
                     {.hint = "name what to append under 'override'",
                      .fix = append_fix(item, key, value, source)});
    }
    if (key.text == "enabled" && value.is_plain && item.items.size() == 4 &&
        item.find("rule") != nullptr) {
      const std::string indent(key.mark.column, ' ');
      context.report(
          "deprecated-enabled", place, "'enabled' without an override is deprecated",
          {.hint = "say 'enabled: replace' under 'override'",
           .fix = {Edit{SourceSpan{source, end, end},
                        "\n" + indent + "override:\n" + indent + "  enabled: replace"}}});
    }
  }
}

// Whether the other parts of the `and` imply the check: a few events that are no system calls have
// the direction of enter events.
bool is_implied(LintContext& context, const LintContext::OwnCheck& own) {
  if (own.parent == nullptr || own.parent->kind != NodeKind::kAnd) {
    return false;
  }
  std::vector<SatLiteral> rest;
  for (const auto& part : own.parent->children) {
    const auto literal = context.logic().literal_of(*part);
    if (!literal) {
      return false;
    }
    rest.push_back(part.get() == own.node ? ~*literal : *literal);
  }
  return context.logic().ask(rest) == SatAnswer::kNo;
}

}  // namespace

void lints::deprecated(LintContext& context) {
  for (const FileView& file : context.files()) {
    for (const YamlNode* document : file.yaml->documents()) {
      for (const YamlNode* item : document->items) {
        if (document->is_sequence() && item->is_map()) {
          check_item(context, *item, file.source);
        }
      }
    }
  }
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
    if (is_implied(context, own) && place.source != SourceId::kNone && place.begin > 0) {
      const SourceSpan removed = check_removal(context.loaded().sources.text(place.source), place);
      if (removed.source != SourceId::kNone) {
        details.fix = {Edit{removed, ""}};
      }
    }
    context.report("deprecated-direction", own.node->span,
                   "'evt.dir = <' is deprecated: system calls have exit events only",
                   std::move(details));
  });
}

}  // namespace saker::kit
