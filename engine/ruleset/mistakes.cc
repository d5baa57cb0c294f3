// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/mistakes.h"

#include <algorithm>
#include <functional>

#include "engine/eval/predicate.h"
#include "engine/eval/regex.h"

namespace saker {

namespace {

// Calls `visit` for every check of the tree, in the order of the text.
void for_each_check(const Node& node, const std::function<void(const Check&)>& visit) {
  if (node.kind == NodeKind::kCheck) {
    visit(node.check);
  }
  for (const auto& child : node.children) {
    for_each_check(*child, visit);
  }
}

}  // namespace

std::vector<CompileError> all_mistakes(const Node& condition, const FieldCatalogue& fields,
                                       const RegexOptions& options, std::size_t most) {
  std::vector<CompileError> mistakes;
  for_each_check(condition, [&](const Check& check) {
    if (mistakes.size() >= most) {
      return;
    }
    const auto bound = bind_check(check, fields, options.allow_pcre2);
    const auto is_same = [&](const CompileError& known) {
      return known.span == bound.error().span && known.message == bound.error().message;
    };
    if (!bound && std::ranges::none_of(mistakes, is_same)) {
      mistakes.push_back(bound.error());
    }
  });
  return mistakes;
}

std::vector<const Literal*> pcre2_patterns(const Node& condition, std::size_t most) {
  std::vector<const Literal*> found;
  const auto look_at = [&](const Literal& literal) {
    if (found.size() < most && !Regex::compile(literal.text, false)) {
      found.push_back(&literal);
    }
  };
  for_each_check(condition, [&](const Check& check) {
    if (check.op != CompareOp::kRegex) {
      return;
    }
    if (const Literal* literal = check.right_literal()) {
      look_at(*literal);
    } else if (const ListValue* list = check.right_list()) {
      std::ranges::for_each(list->items, look_at);
    }
  });
  return found;
}

}  // namespace saker
