// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A compiled output: literal text and expressions. Extraction (on the event thread) is apart from
// rendering (on an output's thread). Source: falco-compat.md 2.12.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/eval/bound_expr.h"

namespace saker {

struct OutputTemplate {
  struct Piece {
    std::string literal;           // stands before the expression
    std::int32_t expression = -1;  // index into `expressions`; -1: none (end of the template)
    std::uint32_t width = 0;  // 0: as long as the text is; else cut or padded to this many bytes
  };
  // A key of output_fields.
  struct Field {
    std::string key;
    std::uint32_t expression = 0;
  };
  struct ExtraField {  // append_output's `key: format` pairs
    std::string key;
    std::vector<Piece> pieces;
  };

  std::string text;  // source text
  std::vector<Piece> pieces;
  std::vector<BoundExpr> expressions;  // each once
  std::vector<Field> fields;           // plain fields, sorted by key, unique
  std::vector<ExtraField> extra_fields;
};

// `text`: rule output with everything appended. `source`: where its bytes stand, for errors.
// Errors carry Falco's texts.
[[nodiscard]] Compiled<OutputTemplate> compile_output(std::string_view text, SourceId source,
                                                      const FieldCatalogue& fields);
// Adds an extra field: a plain field name (value keeps its JSON type) or, with `format`, a rendered
// string.
[[nodiscard]] Compiled<void> add_extra_field(OutputTemplate& output, std::string_view key,
                                             std::string_view format, SourceId source,
                                             const FieldCatalogue& fields);

}  // namespace saker
