// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/warnings.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/lang/lexer.h"

namespace saker {

namespace {

constexpr std::string_view kRegexOperators = ".+*?^$()[]{}|\\";

// Removes .*, .+ or .? from the beginning or the end of `pattern`.
std::string_view without_any(std::string_view pattern, bool at_end) {
  if (pattern.size() < 2) {
    return pattern;
  }
  const std::size_t dot = at_end ? pattern.size() - 2 : 0;
  const char repeat = pattern[dot + 1];
  if (pattern[dot] != '.' || (repeat != '*' && repeat != '+' && repeat != '?')) {
    return pattern;
  }
  return at_end ? pattern.substr(0, dot) : pattern.substr(2);
}

bool looks_like_transformer(std::string_view text) {
  const std::size_t open = text.find('(');
  return open != std::string_view::npos && text.back() == ')' &&
         (is_transformer_name(text.substr(0, open)) || text.substr(0, open) == "val");
}

class Finder {
public:
  explicit Finder(const std::function<bool(std::string_view)>& is_field) : is_field_(is_field) {}

  void visit(const Node& node) {
    for (const auto& child : node.children) {
      visit(*child);
    }
    if (node.kind != NodeKind::kCheck) {
      return;
    }
    right_ = node.check.right_span();
    expansion_ = node.expansion;
    const bool is_regex = node.check.op == CompareOp::kRegex;
    if (const Literal* literal = node.check.right_literal()) {
      visit(*literal, is_regex);
    } else if (const ListValue* list = node.check.right_list()) {
      for (const Literal& item : list->items) {
        visit(item, is_regex);
      }
    }
  }

  std::vector<ConditionWarning> take() { return std::move(found_); }

private:
  void visit(const Literal& literal, bool is_regex) {
    if (is_regex) {
      if (is_simple_regex(literal.text)) {
        found_.push_back({ConditionWarning::Kind::kSimpleRegex,
                          "regex check with '" + literal.text +
                              "' may be optimized with simpler operators such as '=', 'contains', "
                              "'startswith', 'endswith'",
                          literal.span, right_, expansion_});
      }
    }
    std::string text;
    std::remove_copy_if(literal.text.begin(), literal.text.end(), std::back_inserter(text),
                        is_blank);
    if (is_field_(text)) {
      found_.push_back(
          {ConditionWarning::Kind::kFieldAsText,
           "'" + literal.text + "' may be a valid field misused as a const string value",
           literal.span, right_, expansion_});
    } else if (looks_like_transformer(text)) {
      found_.push_back({ConditionWarning::Kind::kTransformerAsText,
                        "'" + literal.text +
                            "' may be a valid field transformer misused as a const string value",
                        literal.span, right_, expansion_});
    }
  }

  const std::function<bool(std::string_view)>& is_field_;
  SourceSpan right_;
  ExpansionId expansion_ = ExpansionId::kNone;
  std::vector<ConditionWarning> found_;
};

}  // namespace

bool is_simple_regex(std::string_view pattern) {
  if (pattern.starts_with('^')) {
    pattern.remove_prefix(1);
  }
  if (pattern.ends_with('$')) {
    pattern.remove_suffix(1);
  }
  pattern = without_any(without_any(pattern, false), true);
  return pattern.find_first_of(kRegexOperators) == std::string_view::npos;
}

std::vector<ConditionWarning> find_warnings(const Node& tree,
                                            const std::function<bool(std::string_view)>& is_field) {
  Finder finder(is_field);
  finder.visit(tree);
  return finder.take();
}

}  // namespace saker
