// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A field or transformer expression with names resolved and types checked: what stands on either
// side of a comparison and behind '%' in output templates.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/source_map.h"
#include "engine/field/field_catalogue.h"
#include "engine/field/field_info.h"
#include "engine/field/transformer.h"
#include "engine/lang/ast.h"

namespace saker {

// A condition or template that does not compile. `message` is Falco's text.
struct CompileError {
  std::string message;
  SourceSpan span;
};

template <typename T>
using Compiled = tl::expected<T, CompileError>;

struct BoundExpr {
  enum class Kind : std::uint8_t { kField, kTransformer, kLiteral, kTuple };

  Kind kind = Kind::kField;
  std::string text;      // canonical text, for people
  std::string identity;  // equal for expressions that mean the same
  ParamType type = ParamType::kNone;
  ParamFormat format = ParamFormat::kDefault;
  bool is_list = false;
  FieldScope scope = FieldScope::kEvent;         // the widest of the fields inside
  BoundField field;                              // kField
  const TransformerInfo* transformer = nullptr;  // kTransformer
  std::vector<BoundExpr> args;                   // kTransformer, kTuple
  std::vector<TransformerInput> arg_types;       // of kTransformer, one per element of `args`
  std::string argument;                          // kTransformer: bracket argument
  std::string literal;                           // kLiteral
  bool is_number = false;                        // kLiteral

  [[nodiscard]] bool is_plain_field() const { return kind == Kind::kField; }
};

// Resolves names and checks types.
[[nodiscard]] Compiled<BoundExpr> bind_expr(const Expr& expr, const FieldCatalogue& fields);

// Value for outputs and for transformers' inputs.
[[nodiscard]] Value evaluate(const BoundExpr& expr, const FieldContext& context);

// Appends every plain field in the expression, also those inside transformers, in order.
void collect_fields(const BoundExpr& expr, std::vector<const BoundField*>& out);

}  // namespace saker
