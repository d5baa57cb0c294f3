// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Items of lists, named ones and those in conditions: given twice, or covered by another.
#include <map>
#include <set>
#include <string_view>

#include "engine/lang/printer.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

// Bytes to delete so that an item of a flow or block sequence is gone; an empty span when that is
// not plain enough (a comment in between).
SourceSpan removal_of(std::string_view text, SourceSpan item) {
  std::size_t begin = item.begin;
  std::size_t end = item.end;
  const std::size_t before = text.find_last_not_of(" \t\r\n", begin == 0 ? 0 : begin - 1);
  if (before == std::string_view::npos || begin == 0) {
    return {};
  }
  if (text[before] == ',') {
    begin = before;
  } else if (text[before] == '-') {
    const std::size_t line = text.rfind('\n', before);
    const std::size_t line_end = text.find('\n', end);
    if (text.find_first_not_of(' ', line + 1) != before || line_end == std::string_view::npos ||
        text.substr(end, line_end - end).find_first_not_of(" \t\r") != std::string_view::npos) {
      return {};
    }
    begin = line + 1;
    end = line_end + 1;
  } else {
    return {};
  }
  if (text.substr(begin, item.begin - begin).find('#') != std::string_view::npos) {
    return {};
  }
  return {item.source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

void check_named_lists(LintContext& context) {
  for (const ListSource& list : context.trees().definitions.lists.rows()) {
    std::map<std::string_view, SourceSpan> seen;
    for (const SourceText& item : list.items) {
      const auto [first, is_new] = seen.emplace(item.text, item.span);
      if (is_new) {
        continue;
      }
      Details details{.item = list.name, .notes = {{first->second, "the first one"}}};
      const SourceSpan removed =
          removal_of(context.loaded().sources.text(item.span.source), item.span);
      if (removed.source != SourceId::kNone) {
        details.fix = {Edit{removed, ""}};
      }
      context.report("duplicate-item", item.span,
                     "list '" + list.name + "' has '" + item.text + "' twice", std::move(details));
    }
  }
}

// Whether all that fits `path` or below it also fits `folder`.
bool is_below(std::string_view path, std::string_view folder) {
  const bool is_plain = folder.find_first_of("*?[") == std::string_view::npos &&
                        path.find_first_of("*?[") == std::string_view::npos;
  return is_plain && path.size() > folder.size() && path.starts_with(folder) &&
         (folder.ends_with('/') || path[folder.size()] == '/');
}

bool is_covered(const Check& check, std::string_view item, std::string_view by) {
  const bool is_any = check.modifier == OpModifier::kAnyof;
  switch (check.op) {
    case CompareOp::kPmatch:
      return is_below(item, by);
    case CompareOp::kStartswith:
      return is_any && item.size() > by.size() && item.starts_with(by);
    case CompareOp::kEndswith:
      return is_any && item.size() > by.size() && item.ends_with(by);
    case CompareOp::kContains:
      return is_any && item.size() > by.size() && item.find(by) != std::string_view::npos;
    default:
      return false;
  }
}

void check_list(LintContext& context, const LintContext::OwnCheck& own,
                std::set<std::pair<SourceId, std::uint32_t>>& reported) {
  const Check& check = own.node->check;
  const auto& items = check.right_list()->items;
  std::map<std::string_view, const Literal*> seen;
  for (const Literal& item : items) {
    const SourceSpan place = context.to_file(item.span);
    const auto [first, is_new] = seen.emplace(item.text, &item);
    const bool is_own = place.source == context.to_file(check.op_span).source &&
                        place.end <= context.to_file(own.node->span).end &&
                        place.begin >= context.to_file(own.node->span).begin;
    if (!is_new && is_own && reported.emplace(place.source, place.begin).second) {
      Details details{.item = *own.item, .notes = {{first->second->span, "the first one"}}};
      const SourceSpan removed = removal_of(context.loaded().sources.text(place.source), place);
      if (removed.source != SourceId::kNone) {
        details.fix = {Edit{removed, ""}};
      }
      context.report("duplicate-item", item.span, "the list has '" + item.text + "' twice",
                     std::move(details));
    }
  }
  constexpr std::size_t kMaxItems = 2000;
  if (items.size() > kMaxItems) {
    return;
  }
  for (const Literal& item : items) {
    for (const Literal& by : items) {
      if (!is_covered(check, item.text, by.text)) {
        continue;
      }
      const SourceSpan place = context.to_file(item.span);
      if (reported.emplace(place.source, place.begin).second) {
        context.report("absorbed-item", item.span,
                       "'" + item.text + "' changes nothing: '" + by.text + "' covers it",
                       {.item = *own.item, .notes = {{by.span, "the one that covers it"}}});
      }
      break;
    }
  }
}

}  // namespace

void lints::lists(LintContext& context) {
  check_named_lists(context);
  std::set<std::pair<SourceId, std::uint32_t>> reported;
  context.for_each_own_check([&](const LintContext::OwnCheck& own) {
    if (own.node->check.right_list() != nullptr) {
      check_list(context, own, reported);
    }
  });
}

}  // namespace saker::kit
