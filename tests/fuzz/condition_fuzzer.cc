// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Any bytes as a condition, as an output expression, and as a condition with lists and macros.
// Beyond not crashing: the canonical text is a fixed point once it has been read back, spans lie in
// the text, and list substitution maps every byte somewhere.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/check.h"
#include "engine/lang/list_substitution.h"
#include "engine/lang/macro_resolver.h"
#include "engine/lang/parser.h"
#include "engine/lang/printer.h"
#include "engine/lang/warnings.h"

namespace {

using namespace saker;

void check_spans(const Node& node, std::size_t size) {
  SAKER_CHECK(node.span.begin <= node.span.end && node.span.end <= size);
  for (const auto& child : node.children) {
    check_spans(*child, size);
  }
}

void check_condition(std::string_view text) {
  const auto tree = parse_condition(text, SourceId{0}, kMaxRuleDepth);
  if (!tree) {
    SAKER_CHECK(tree.error().index <= text.size() && !tree.error().message.empty());
    return;
  }
  check_spans(**tree, text.size());
  SAKER_CHECK(equal(*clone(**tree), **tree));
  static_cast<void>(find_warnings(**tree, [](std::string_view name) { return name.size() == 9; }));
  // The canonical form may lose quotes, so it need not read back; if it does, that form is stable
  // except for negations that cancel.
  const std::string printed = print(**tree);
  if (const auto again = parse_condition(printed, SourceId{0}, kMaxRuleDepth)) {
    const std::string second = print(**again);
    const auto third = parse_condition(second, SourceId{0}, kMaxRuleDepth);
    SAKER_CHECK(!third || print(**third).size() <= second.size());
  }
}

void check_output_expression(std::string_view text) {
  std::size_t length = 0;
  static_cast<void>(parse_output_expression(text, SourceId{0}, length));
  SAKER_CHECK(length <= text.size());
  for (int i = 0; i < 20 && length > 0; ++i) {
    std::size_t consumed = 0;
    SAKER_CHECK(parse_output_expression(text.substr(0, length), SourceId{0}, consumed));
    SAKER_CHECK(consumed == length);
    const std::size_t shorter = shorter_output_expression(text, length);
    SAKER_CHECK(shorter < length);
    length = shorter;
  }
}

// The first line is the condition; "l" lines are lists, others macros: "lname item item",
// "mname condition".
void check_expansion(std::string_view text) {
  const std::size_t line_end = text.find('\n');
  const std::string_view condition = text.substr(0, line_end);
  std::vector<ListDefinition> lists;
  std::unordered_map<std::string, std::unique_ptr<Node>> macros;
  while (text.find('\n') != std::string_view::npos) {
    text.remove_prefix(text.find('\n') + 1);
    std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos || blank < 2) {
      continue;
    }
    const std::string name(line.substr(1, blank - 1));
    const bool is_list = line[0] == 'l';
    line.remove_prefix(blank + 1);
    if (!is_list) {
      if (auto tree = parse_condition(line, SourceId{1}, kMaxRuleDepth)) {
        macros[name] = *std::move(tree);
      }
      continue;
    }
    ListDefinition& list = lists.emplace_back();
    list.name = name;
    for (std::size_t at = 0; at < line.size(); at = std::min(line.find(';', at), line.size()) + 1) {
      list.items.push_back({std::string(line.substr(at, line.find(';', at) - at)), {}});
    }
  }
  const ListSubstituter substituter(std::move(lists));
  const ListSubstitution result =
      substituter.substitute(SpannedText(condition, SourceSpan{SourceId{0}, 0, 1}));
  const auto tree = parse_condition(result.text.text(), SourceId{2}, kMaxRuleDepth);
  if (!tree) {
    return;
  }
  ExpansionTable expansions;
  MacroResolver resolver(
      [&macros](std::string_view name) -> const Node* {
        const auto found = macros.find(std::string(name));
        return found == macros.end() ? nullptr : found->second.get();
      },
      expansions);
  if (const auto resolved = resolver.resolve(**tree)) {
    static_cast<void>(print(*resolved->tree));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  check_condition(text);
  check_output_expression(text);
  check_expansion(text);
  return 0;
}
