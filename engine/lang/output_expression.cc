// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Fields and transformers in output formats. Falco tries every prefix of the rest of the format,
// the longest first. That is the same as: read as far as the grammar goes, then take away what can
// be missing — first an argument in brackets, then letters of a plain field's name. Inside a
// transformer's parentheses nothing can be missing.
#include "engine/lang/expr_parser.h"
#include "engine/lang/parser.h"

namespace saker {

namespace {

tl::expected<Expr, ParseError> parse_operand(ExprParser& parser, ArgumentMode mode) {
  Expr out;
  if (!parser.parse_output_operand(out, mode)) {
    return tl::unexpected(parser.error());
  }
  return out;
}

}  // namespace

tl::expected<Expr, ParseError> parse_output_expression(std::string_view text, SourceId source,
                                                       std::size_t& consumed, std::uint32_t base) {
  ExprParser parser(text, source, kMaxFilterDepth, base);
  auto out = parse_operand(parser, ArgumentMode::kOptional);
  consumed = out ? parser.lexer().at() : 0;
  return out;
}

std::size_t shorter_output_expression(std::string_view text, std::size_t length) {
  text = text.substr(0, length);
  Lexer lexer(text);
  if (!lexer.match_field_name()) {
    // A transformer: only an argument behind its parenthesis can go.
    ExprParser parser(text, SourceId::kNone, kMaxFilterDepth, 0);
    const bool is_whole = parse_operand(parser, ArgumentMode::kIgnore).has_value();
    return is_whole && parser.lexer().at() < length ? parser.lexer().at() : 0;
  }
  if (lexer.at() < length) {
    return lexer.at();
  }
  const std::size_t first_dot = text.find('.');
  std::size_t shorter = length - 1;
  if (text[shorter - 1] == '.') {
    --shorter;
  }
  return shorter > first_dot + 1 ? shorter : 0;
}

}  // namespace saker
