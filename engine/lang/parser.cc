// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Recursive descent over the boolean structure: or, and, not, parentheses, checks and macros. The
// operands (fields, transformers, constants, lists) are read by ExprParser.
#include "engine/lang/parser.h"

#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/lang/expr_parser.h"

namespace saker {

namespace {

using NodePtr = std::unique_ptr<Node>;

// Every production returns whether it succeeded; after a failure the error is in the ExprParser.
class ConditionParser {
public:
  ConditionParser(std::string_view text, SourceId source, unsigned max_depth)
      : base_(text, source, max_depth, 0), lexer_(base_.lexer()) {}

  bool parse(NodePtr& out) {
    if (lexer_.at_end()) {
      return base_.fail("filter input string is empty");
    }
    if (!parse_or(out)) {
      return false;
    }
    if (!lexer_.at_end()) {
      return base_.fail("unexpected token after '" + lexer_.token_text() +
                        "', expecting 'or', 'and'");
    }
    return true;
  }

  [[nodiscard]] const ExprParser& base() const { return base_; }

private:
  bool parse_or(NodePtr& out) { return parse_group(NodeKind::kOr, "or", out); }
  bool parse_and(NodePtr& out) { return parse_group(NodeKind::kAnd, "and", out); }

  // or_expr and and_expr differ only in the keyword and in what stands between the keywords.
  bool parse_group(NodeKind kind, std::string_view keyword, NodePtr& out) {
    const DepthGuard depth(base_);
    if (!depth.ok()) {
      return false;
    }
    // An `or` at the beginning of a text that begins with blanks starts there, as Falco has it.
    const std::size_t before_blank = lexer_.at();
    lexer_.skip_blank();
    const std::size_t begin = kind == NodeKind::kOr ? before_blank : lexer_.at();
    std::vector<NodePtr> children(1);
    if (!parse_member(kind, children[0])) {
      return false;
    }
    lexer_.skip_blank();
    while (lexer_.match(keyword)) {
      NodePtr& child = children.emplace_back();
      if (lexer_.skip_blank()) {
        if (!parse_member(kind, child)) {
          return false;
        }
      } else if (!lexer_.match("(")) {
        return base_.fail("expected blank or '(' after '" + std::string(keyword) + "'");
      } else if (!parse_rest_of_parentheses(child)) {
        return false;
      }
      lexer_.skip_blank();
    }
    out = children.size() == 1 ? std::move(children[0])
                               : make_group_node(kind, std::move(children), base_.span_from(begin));
    return true;
  }

  bool parse_member(NodeKind kind, NodePtr& out) {
    return kind == NodeKind::kOr ? parse_and(out) : parse_not(out);
  }

  // Pairs of `not` cancel; `not(` needs no blank.
  bool parse_not(NodePtr& out) {
    const DepthGuard depth(base_);
    if (!depth.ok()) {
      return false;
    }
    lexer_.skip_blank();
    const std::size_t begin = lexer_.at();
    bool is_negated = false;
    while (lexer_.match_not()) {
      is_negated = !is_negated;
    }
    if (lexer_.match_call("not")) {
      is_negated = !is_negated;
      if (!parse_rest_of_parentheses(out)) {
        return false;
      }
    } else if (!parse_check(out)) {
      return false;
    }
    if (is_negated) {
      out = make_not_node(std::move(out), base_.span_from(begin));
    }
    return true;
  }

  // The opening parenthesis has been consumed.
  bool parse_rest_of_parentheses(NodePtr& out) {
    const DepthGuard depth(base_);
    if (!depth.ok()) {
      return false;
    }
    lexer_.skip_blank();
    if (!parse_or(out)) {
      return false;
    }
    lexer_.skip_blank();
    return lexer_.match(")") || base_.fail("expected a ')' token");
  }

  bool parse_check(NodePtr& out) {
    const DepthGuard depth(base_);
    if (!depth.ok()) {
      return false;
    }
    lexer_.skip_blank();
    if (lexer_.match("(")) {
      return parse_rest_of_parentheses(out);
    }
    const std::size_t begin = lexer_.at();
    Check check;
    bool is_operand = false;
    if (!base_.parse_operand(check.left, is_operand)) {
      return false;
    }
    if (is_operand) {
      if (!parse_comparison(check)) {
        return false;
      }
      out = make_check_node(std::move(check), base_.span_from(begin));
      return true;
    }
    if (lexer_.match_identifier()) {
      out = make_macro_node(std::string(lexer_.token()), base_.span_from(begin));
      return true;
    }
    return base_.fail("expected a '(' token, a field check, or an identifier");
  }

  // The operator and the right side of `check`.
  bool parse_comparison(Check& check) {
    const DepthGuard depth(base_);
    return depth.ok() && base_.parse_comparison(check);
  }

  ExprParser base_;
  Lexer& lexer_;
};

}  // namespace

tl::expected<std::unique_ptr<Node>, ParseError> parse_condition(std::string_view text,
                                                                SourceId source,
                                                                unsigned max_depth) {
  SAKER_CHECK(max_depth <= kMaxRuleDepth);
  ConditionParser parser(text, source, max_depth);
  NodePtr tree;
  if (!parser.parse(tree)) {
    return tl::unexpected(parser.base().error());
  }
  return tree;
}

}  // namespace saker
