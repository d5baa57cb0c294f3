// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The definition of correctness for conditions: a direct walk over the syntax tree, without
// sharing, caching or compiled constants, written from docs/operators.md. Linked only to tests.
#pragma once

#include <map>
#include <string>

#include "engine/field/field_catalogue.h"
#include "engine/field/transformer.h"
#include "engine/lang/ast.h"

namespace saker::reference {

class Interpreter {
public:
  explicit Interpreter(const FieldCatalogue& fields) : fields_(fields) {}

  // Macros and lists of `condition` must be expanded and it must compile.
  [[nodiscard]] bool evaluate(const Node& condition, const FieldContext& context);

private:
  struct Operand {
    Value value;
    ParamType type = ParamType::kNone;
    bool is_list = false;
    Quantifier quantifier = Quantifier::kNone;
  };

  [[nodiscard]] bool evaluate_check(const Check& check, const FieldContext& context);
  [[nodiscard]] Operand evaluate_expr(const Expr& expr, const FieldContext& context,
                                      bool is_condition_side);
  [[nodiscard]] const BoundField& bind(const FieldExpr& expr);

  const FieldCatalogue& fields_;
  std::map<std::string, BoundField> bound_;  // binding is not what is under test
};

}  // namespace saker::reference
