// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/output_template.h"

#include <algorithm>
#include <limits>

#include "engine/lang/parser.h"

namespace saker {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads a template piece by piece into `output.expressions` and `pieces`.
class TemplateReader {
public:
  TemplateReader(std::string_view text, SourceId source, const FieldCatalogue& fields,
                 OutputTemplate& output)
      : text_(text), source_(source), fields_(fields), output_(output) {}

  Compiled<std::vector<OutputTemplate::Piece>> read() {
    std::vector<OutputTemplate::Piece> pieces;
    // A leading star asks for <NA> instead of nothing; Saker, like Falco, always prints it.
    std::size_t at = text_.starts_with('*') ? 1 : 0;
    OutputTemplate::Piece piece;
    while (at < text_.size()) {
      if (text_[at] != '%') {
        piece.literal += text_[at++];
        continue;
      }
      SAKER_ASSIGN_OR_RETURN(at, read_expression(at + 1, piece));
      pieces.push_back(std::move(piece));
      piece = {};
    }
    if (!piece.literal.empty()) {
      pieces.push_back(std::move(piece));
    }
    return pieces;
  }

private:
  tl::unexpected<CompileError> refuse(std::string message, std::size_t at) const {
    return tl::unexpected(
        CompileError{std::move(message), SourceSpan{source_, static_cast<std::uint32_t>(at),
                                                    static_cast<std::uint32_t>(text_.size())}});
  }

  // Reads width and expression behind a '%'; returns the offset behind them.
  Compiled<std::size_t> read_expression(std::size_t at, OutputTemplate::Piece& piece) {
    if (at == text_.size()) {
      return refuse("invalid formatting syntax: formatting cannot end with a %", at - 1);
    }
    std::uint64_t width = 0;
    for (; at < text_.size() && is_digit(text_[at]); ++at) {
      width = std::min<std::uint64_t>(width * 10 + static_cast<std::uint64_t>(text_[at] - '0'),
                                      kMaxWidth);
    }
    if (at == text_.size()) {
      return refuse("invalid formatting syntax: formatting cannot end with a number", at - 1);
    }
    const std::string_view rest = text_.substr(at);
    std::size_t length = 0;
    const auto longest =
        parse_output_expression(rest, source_, length, static_cast<std::uint32_t>(at));
    std::string fault = longest ? "" : longest.error().message;
    while (length > 0) {
      std::size_t consumed = 0;
      const auto expr = parse_output_expression(rest.substr(0, length), source_, consumed,
                                                static_cast<std::uint32_t>(at));
      if (expr && consumed == length) {
        auto bound = bind_expr(*expr, fields_);
        if (bound) {
          piece.width = static_cast<std::uint32_t>(width);
          piece.expression = intern(std::move(*bound));
          return at + length;
        }
        fault = bound.error().message;
      }
      length = shorter_output_expression(rest, length);
    }
    return refuse("unknown filter: " + fault, at);
  }

  std::int32_t intern(BoundExpr expr) {
    auto& known = output_.expressions;
    const auto found = std::ranges::find(known, expr.identity, &BoundExpr::identity);
    if (found != known.end()) {
      return static_cast<std::int32_t>(found - known.begin());
    }
    known.push_back(std::move(expr));
    return static_cast<std::int32_t>(known.size() - 1);
  }

  static constexpr std::uint64_t kMaxWidth = 65536;

  std::string_view text_;
  SourceId source_;
  const FieldCatalogue& fields_;
  OutputTemplate& output_;
};

// Expression of a plain field, added when only a transformer mentions it.
std::uint32_t expression_of(OutputTemplate& output, const BoundField& field) {
  const auto found = std::ranges::find(output.expressions, field.text, &BoundExpr::text);
  if (found != output.expressions.end()) {
    return static_cast<std::uint32_t>(found - output.expressions.begin());
  }
  BoundExpr& expr = output.expressions.emplace_back();
  expr.kind = BoundExpr::Kind::kField;
  expr.text = field.text;
  expr.type = field.type;
  expr.format = field.format;
  expr.is_list = field.is_list();
  expr.scope = field.scope;
  expr.field = field;
  return static_cast<std::uint32_t>(output.expressions.size() - 1);
}

// output_fields has every plain field of the output, also those inside transformers.
void collect_output_fields(OutputTemplate& output) {
  std::vector<BoundField> plain;
  for (const BoundExpr& expr : output.expressions) {
    std::vector<const BoundField*> found;
    collect_fields(expr, found);
    for (const BoundField* field : found) {
      plain.push_back(*field);  // a copy: adding expressions moves them
    }
  }
  output.fields.clear();
  for (const BoundField& field : plain) {
    output.fields.push_back({field.text, expression_of(output, field)});
  }
  std::ranges::sort(output.fields, {}, &OutputTemplate::Field::key);
  const auto same_key = [](const auto& a, const auto& b) { return a.key == b.key; };
  output.fields.erase(std::unique(output.fields.begin(), output.fields.end(), same_key),
                      output.fields.end());
}

}  // namespace

Compiled<OutputTemplate> compile_output(std::string_view text, SourceId source,
                                        const FieldCatalogue& fields) {
  OutputTemplate output;
  output.text = text;
  SAKER_ASSIGN_OR_RETURN(output.pieces, TemplateReader(text, source, fields, output).read());
  collect_output_fields(output);
  return output;
}

Compiled<void> add_extra_field(OutputTemplate& output, std::string_view key,
                               std::string_view format, SourceId source,
                               const FieldCatalogue& fields) {
  if (format.empty()) {
    const std::string text = "%" + std::string(key);
    SAKER_ASSIGN_OR_RETURN(const auto pieces, TemplateReader(text, source, fields, output).read());
    collect_output_fields(output);
    return {};
  }
  SAKER_ASSIGN_OR_RETURN(auto pieces, TemplateReader(format, source, fields, output).read());
  output.extra_fields.push_back({std::string(key), std::move(pieces)});
  return {};
}

}  // namespace saker
