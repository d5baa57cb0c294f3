// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/expr_parser.h"

#include <utility>

#include "engine/lang/operators.h"

namespace saker {

namespace {

constexpr std::string_view kVal = "val";

void append_alternative(std::string& out, std::string_view text) {
  out += ", '";
  out += text;
  out += '\'';
}

std::string any_transformer() {
  std::string out = "a field with a valid transformer: 'val'";
  for (const std::string_view name : kTransformerNames) {
    append_alternative(out, name);
  }
  return out;
}

std::string expected_operator() {
  std::string out = "expected a valid check operator: one of 'exists'";
  const auto add = [&out](const auto& rows) {
    for (const OperatorRow& row : rows) {
      append_alternative(out, row.text);
    }
  };
  add(kNumberOperators);
  add(kStringOperators);
  add(kListOperators);
  return out;
}

template <typename Rows>
bool match_op(Lexer& lexer, const Rows& rows, Check& check) {
  for (const OperatorRow& row : rows) {
    if (row.needs_blank ? lexer.match_with_blank(row.text) : lexer.match(row.text)) {
      check.op = row.op;
      check.op_text = row.text;
      return true;
    }
  }
  return false;
}

}  // namespace

bool ExprParser::enter() {
  if (++depth_ < max_depth_) {
    return true;
  }
  return fail("exceeded max depth limit of " + std::to_string(max_depth_));
}

bool ExprParser::fail(std::string message) {
  message_ = std::move(message);
  return false;
}

ParseError ExprParser::error() const {
  ParseError error{.message = message_, .index = static_cast<std::uint32_t>(lexer_.at())};
  for (const char c : text_.substr(0, lexer_.at())) {
    if (c == '\n' || c == '\r') {
      ++error.line;
      error.column = 1;
    } else {
      ++error.column;
    }
  }
  return error;
}

SourceSpan ExprParser::span_from(std::size_t begin) const {
  return SourceSpan{source_, base_ + static_cast<std::uint32_t>(begin),
                    base_ + static_cast<std::uint32_t>(lexer_.token_end())};
}

std::string_view ExprParser::match_transformer() {
  for (const std::string_view name : kTransformerNames) {
    if (lexer_.match_call(name)) {
      return name;
    }
  }
  return {};
}

bool ExprParser::match_quoted(Literal& out, bool& is_found) {
  const std::size_t begin = lexer_.at();
  const Lexer::Quoted quoted = lexer_.match_quoted(out.text);
  is_found = quoted != Lexer::Quoted::kNone;
  if (quoted == Lexer::Quoted::kBadEscape) {
    return fail(std::move(out.text));
  }
  if (is_found) {
    out.was_quoted = true;
    out.span = span_from(begin);
  }
  return true;
}

bool ExprParser::match_number(Literal& out) {
  const std::size_t begin = lexer_.at();
  if (!lexer_.match_number()) {
    return false;
  }
  out.text = lexer_.token();
  out.is_number = true;
  out.span = span_from(begin);
  return true;
}

bool ExprParser::parse_operand(Expr& out, bool& is_operand) {
  const std::size_t begin = lexer_.at();
  is_operand = true;
  if (lexer_.match_field_name()) {
    return parse_field_rest(begin, out.value.emplace<FieldExpr>());
  }
  if (const std::string_view name = match_transformer(); !name.empty()) {
    lexer_.skip_blank();
    return parse_transformer_rest(begin, name, out.value.emplace<TransformerExpr>());
  }
  is_operand = false;
  return true;
}

bool ExprParser::parse_output_operand(Expr& out, ArgumentMode mode) {
  const std::size_t begin = lexer_.at();
  if (lexer_.match_field_name()) {
    return parse_field_rest(begin, out.value.emplace<FieldExpr>(), mode);
  }
  if (const std::string_view name = match_transformer(); !name.empty()) {
    lexer_.skip_blank();
    return parse_transformer_rest(begin, name, out.value.emplace<TransformerExpr>(), mode);
  }
  // Falco prints the last token here, which is always empty, and cuts the message at it.
  return fail("unexpected token after '");
}

bool ExprParser::parse_argument(bool& has_argument, std::string& argument, ArgumentMode mode) {
  const Lexer::Mark before = lexer_.mark();
  if (mode == ArgumentMode::kIgnore || !lexer_.match("[")) {
    return true;
  }
  const auto give_up = [&](std::string message) {
    if (mode == ArgumentMode::kStrict) {
      return fail(std::move(message));
    }
    argument.clear();
    lexer_.reset(before);
    return true;
  };
  const Lexer::Quoted quoted = lexer_.match_quoted(argument);
  if (quoted == Lexer::Quoted::kBadEscape) {
    return give_up(std::move(argument));
  }
  if (quoted == Lexer::Quoted::kNone) {
    if (!lexer_.match_field_argument()) {
      return give_up("expected a valid field argument: a quoted string or a bare string");
    }
    argument = lexer_.token();
  }
  if (!lexer_.match("]")) {
    return give_up("expected a ']' token");
  }
  has_argument = true;
  return true;
}

bool ExprParser::parse_field_rest(std::size_t begin, FieldExpr& out, ArgumentMode mode) {
  const DepthGuard depth(*this);
  if (!depth.ok()) {
    return false;
  }
  out.name = lexer_.token();
  if (!parse_argument(out.has_argument, out.argument, mode)) {
    return false;
  }
  out.span = span_from(begin);
  return true;
}

bool ExprParser::parse_transformer_rest(std::size_t begin, std::string_view name,
                                        TransformerExpr& out, ArgumentMode mode) {
  const DepthGuard depth(*this);
  if (!depth.ok()) {
    return false;
  }
  out.name = name;
  lexer_.skip_blank();
  do {
    if (!parse_transformer_argument(out.args.emplace_back())) {
      return false;
    }
    lexer_.skip_blank();
  } while (lexer_.match(","));
  if (!lexer_.match(")")) {
    return fail("expected a ')' token closing the transformer");
  }
  if (!parse_argument(out.has_argument, out.argument, mode)) {
    return false;
  }
  out.span = span_from(begin);
  return true;
}

bool ExprParser::parse_transformer_argument(Expr& out) {
  const DepthGuard depth(*this);
  if (!depth.ok()) {
    return false;
  }
  lexer_.skip_blank();
  const std::size_t begin = lexer_.at();
  Literal literal;
  bool is_found = match_number(literal);
  if (!is_found && !match_quoted(literal, is_found)) {
    return false;
  }
  if (is_found) {
    out.value = std::move(literal);
    return true;
  }
  if (lexer_.match("(")) {
    return parse_tuple_rest(begin, out.value.emplace<TupleExpr>());
  }
  if (!parse_operand(out, is_found)) {
    return false;
  }
  return is_found ||
         fail(
             "expected field transformer argument: field, transformer, quoted string, number, or "
             "transformer list");
}

bool ExprParser::parse_tuple_rest(std::size_t begin, TupleExpr& out) {
  lexer_.skip_blank();
  if (!lexer_.match(")")) {
    do {
      lexer_.skip_blank();
      if (!parse_tuple_item(out.items.emplace_back())) {
        return false;
      }
      lexer_.skip_blank();
    } while (lexer_.match(","));
    if (!lexer_.match(")")) {
      return fail("expected ')'");
    }
  }
  out.span = span_from(begin);
  return true;
}

bool ExprParser::parse_tuple_item(Expr& out) {
  bool is_found = false;
  if (!parse_operand(out, is_found)) {
    return false;
  }
  if (is_found) {
    return true;
  }
  Literal literal;
  if (!match_quoted(literal, is_found)) {
    return false;
  }
  if (!is_found && !match_number(literal)) {
    return fail("expected transformer list argument: field, transformer, quoted string, or number");
  }
  out.value = std::move(literal);
  return true;
}

bool ExprParser::parse_comparison(Check& check) {
  lexer_.skip_blank();
  const std::size_t begin = lexer_.at();
  const auto matches = [&](const auto& rows) {
    if (!match_op(lexer_, rows, check)) {
      return false;
    }
    check.op_span = span_from(begin);
    return true;
  };
  if (matches(kUnaryOperators)) {
    return true;
  }
  if (matches(kNumberOperators)) {
    return parse_number_value(check.right);
  }
  if (matches(kStringOperators)) {
    return parse_string_operand(check);
  }
  if (matches(kListOperators)) {
    return parse_list_value(check.right, true);
  }
  return fail(expected_operator());
}

// A modifier counts only between blanks and before something that can be a list; otherwise the same
// word is an ordinary value.
bool ExprParser::parse_string_operand(Check& check) {
  const bool is_word = check.op != CompareOp::kEq && check.op != CompareOp::kNe;
  const Lexer::Mark before = lexer_.mark();
  if (lexer_.skip_blank() || is_word) {
    for (const OpModifier modifier : kModifiers) {
      if (!lexer_.match_with_blank(to_text(modifier))) {
        continue;
      }
      const bool can_be_list = lexer_.looking_at("(") || lexer_.looking_at_identifier();
      if (!can_be_list || lexer_.looking_at_connective()) {
        break;
      }
      check.modifier = modifier;
      check.op_text += ' ';
      check.op_text += to_text(modifier);
      check.op_span = span_from(check.op_span.begin - base_);
      return parse_list_value(check.right, false);
    }
  }
  lexer_.reset(before);
  return parse_string_value(check.right);
}

bool ExprParser::parse_right_expr(RightSide& out, bool& is_found) {
  lexer_.skip_blank();
  Expr expr;
  if (!parse_right_transformer(expr, is_found)) {
    return false;
  }
  if (is_found) {
    out = std::move(expr);
  }
  return true;
}

bool ExprParser::parse_number_value(RightSide& out) {
  const DepthGuard depth(*this);
  bool is_found = false;
  if (!depth.ok() || !parse_right_expr(out, is_found)) {
    return false;
  }
  return is_found || match_number(out.emplace<Literal>()) ||
         fail("expected a number value or " + any_transformer());
}

bool ExprParser::parse_string_value(RightSide& out) {
  const DepthGuard depth(*this);
  bool is_found = false;
  if (!depth.ok() || !parse_right_expr(out, is_found)) {
    return false;
  }
  if (is_found) {
    return true;
  }
  Literal& literal = out.emplace<Literal>();
  const std::size_t begin = lexer_.at();
  if (!match_quoted(literal, is_found)) {
    return false;
  }
  if (is_found) {
    return true;
  }
  if (!lexer_.match_bare()) {
    return fail("expected a string value or " + any_transformer());
  }
  literal.text = lexer_.token();
  literal.span = span_from(begin);
  return true;
}

// An item of a list.
bool ExprParser::parse_constant(Literal& out) {
  const DepthGuard depth(*this);
  if (!depth.ok()) {
    return false;
  }
  lexer_.skip_blank();
  const std::size_t begin = lexer_.at();
  bool is_found = false;
  if (!match_quoted(out, is_found)) {
    return false;
  }
  if (is_found) {
    return true;
  }
  if (!lexer_.match_bare()) {
    return fail("expected a string value");
  }
  out.text = lexer_.token();
  out.span = span_from(begin);
  return true;
}

bool ExprParser::parse_list_value(RightSide& out, bool allow_transformer) {
  const DepthGuard depth(*this);
  if (!depth.ok()) {
    return false;
  }
  lexer_.skip_blank();
  const std::size_t begin = lexer_.at();
  if (lexer_.match("(")) {
    return parse_list_rest(begin, out.emplace<ListValue>());
  }
  if (allow_transformer) {
    Expr expr;
    bool is_found = false;
    if (!parse_right_transformer(expr, is_found)) {
      return false;
    }
    if (is_found) {
      out = std::move(expr);
      return true;
    }
  }
  if (!lexer_.match_identifier()) {
    return fail(allow_transformer ? "expected a list, an identifier, or " + any_transformer()
                                  : "expected a list or an identifier");
  }
  out = Literal{.text = std::string(lexer_.token()), .span = span_from(begin)};
  return true;
}

bool ExprParser::parse_list_rest(std::size_t begin, ListValue& out) {
  lexer_.skip_blank();
  // Whatever is wrong with the first item, Falco takes the list for an empty one. A string with a
  // bad escape has been consumed by then, so that the list may even end well.
  Literal item;
  if (parse_constant(item)) {
    out.items.push_back(std::move(item));
    lexer_.skip_blank();
    while (lexer_.match(",")) {
      if (!parse_constant(out.items.emplace_back())) {
        return false;
      }
      lexer_.skip_blank();
    }
  }
  if (!lexer_.match(")")) {
    return fail("expected a ')' token");
  }
  out.span = span_from(begin);
  return true;
}

bool ExprParser::parse_right_transformer(Expr& out, bool& is_found) {
  const DepthGuard depth(*this);
  if (!depth.ok()) {
    return false;
  }
  lexer_.skip_blank();
  const std::size_t begin = lexer_.at();
  is_found = true;
  if (lexer_.match_call(kVal)) {
    return parse_val_rest(begin, out.value.emplace<TransformerExpr>());
  }
  if (const std::string_view name = match_transformer(); !name.empty()) {
    lexer_.skip_blank();
    return parse_transformer_rest(begin, name, out.value.emplace<TransformerExpr>());
  }
  is_found = false;
  return true;
}

bool ExprParser::parse_val_rest(std::size_t begin, TransformerExpr& out) {
  out.name = kVal;
  lexer_.skip_blank();
  const std::size_t field_begin = lexer_.at();
  if (!lexer_.match_field_name()) {
    return fail("expected a field within 'val' transformer");
  }
  FieldExpr field;
  if (!parse_field_rest(field_begin, field)) {
    return false;
  }
  out.args.push_back(Expr{std::move(field)});
  lexer_.skip_blank();
  if (!lexer_.match(")")) {
    return fail("expected a ')' token closing the transformer");
  }
  if (!parse_argument(out.has_argument, out.argument, ArgumentMode::kStrict)) {
    return false;
  }
  out.span = span_from(begin);
  return true;
}

}  // namespace saker
