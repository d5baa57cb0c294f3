// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Private to engine/lang: reads the parts of a check — field, transformer, operator, constant, list
// — and keeps what every production needs: the cursor, the depth and the error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/lang/ast.h"
#include "engine/lang/lexer.h"
#include "engine/lang/parser.h"

namespace saker {

// What becomes of an argument in brackets: a broken one is an error; a broken one stays unread; any
// stays unread.
enum class ArgumentMode : std::uint8_t { kStrict, kOptional, kIgnore };

// Productions return whether they succeeded. After a failure error() says why and the cursor stands
// where the message points to.
class ExprParser {
public:
  // `base` is added to every span.
  ExprParser(std::string_view text, SourceId source, unsigned max_depth, std::uint32_t base)
      : text_(text), lexer_(text), source_(source), max_depth_(max_depth), base_(base) {}

  // Reads a field or a transformer, if one comes next; otherwise consumes nothing, clears
  // `is_operand` and succeeds.
  bool parse_operand(Expr& out, bool& is_operand);
  // Reads operator, modifier and right side into `check`.
  bool parse_comparison(Check& check);
  // Reads the field or transformer expression that begins here. `mode` is for its own argument.
  bool parse_output_operand(Expr& out, ArgumentMode mode);

  // Records the message at the cursor; returns false.
  bool fail(std::string message);
  [[nodiscard]] ParseError error() const;

  [[nodiscard]] Lexer& lexer() { return lexer_; }
  // From byte `begin` of the text to the end of the last token.
  [[nodiscard]] SourceSpan span_from(std::size_t begin) const;

private:
  friend class DepthGuard;

  // Reads the argument in brackets, if there is one.
  bool parse_argument(bool& has_argument, std::string& argument, ArgumentMode mode);
  bool parse_field_rest(std::size_t begin, FieldExpr& out,
                        ArgumentMode mode = ArgumentMode::kStrict);
  bool parse_transformer_rest(std::size_t begin, std::string_view name, TransformerExpr& out,
                              ArgumentMode mode = ArgumentMode::kStrict);
  bool parse_transformer_argument(Expr& out);
  bool parse_tuple_rest(std::size_t begin, TupleExpr& out);
  bool parse_tuple_item(Expr& out);

  // Values on the right side. parse_right_transformer clears `is_found` when none comes next.
  bool parse_number_value(RightSide& out);
  bool parse_string_operand(Check& check);
  bool parse_string_value(RightSide& out);
  bool parse_constant(Literal& out);
  bool parse_list_value(RightSide& out, bool allow_transformer);
  bool parse_list_rest(std::size_t begin, ListValue& out);
  bool parse_right_transformer(Expr& out, bool& is_found);
  bool parse_right_expr(RightSide& out, bool& is_found);
  bool parse_val_rest(std::size_t begin, TransformerExpr& out);

  // Consumes a transformer's name and its parenthesis; empty when none comes next.
  std::string_view match_transformer();
  // Consumes a quoted string or number; clears `is_found` when none comes next.
  bool match_quoted(Literal& out, bool& is_found);
  bool match_number(Literal& out);

  bool enter();

  std::string_view text_;
  Lexer lexer_;
  SourceId source_;
  unsigned max_depth_;
  std::uint32_t base_;
  unsigned depth_ = 0;
  std::string message_;
};

// One level of a nested production.
class DepthGuard {
public:
  explicit DepthGuard(ExprParser& parser) : parser_(parser), is_ok_(parser.enter()) {}
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  ~DepthGuard() { --parser_.depth_; }

  // False at the limit; the error is recorded then.
  [[nodiscard]] bool ok() const { return is_ok_; }

private:
  ExprParser& parser_;
  bool is_ok_;
};

}  // namespace saker
