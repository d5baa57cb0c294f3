// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/bound_expr.h"

#include <algorithm>
#include <charconv>

#include "engine/eval/identity.h"
#include "engine/lang/printer.h"

namespace saker {

namespace {

tl::unexpected<CompileError> refuse(Error error, SourceSpan span) {
  return tl::unexpected(CompileError{std::move(error.message), span});
}

Compiled<BoundExpr> bind_field(const FieldExpr& expr, const FieldCatalogue& fields) {
  auto field = fields.bind(expr.name, expr.has_argument, expr.argument);
  if (!field) {
    return refuse(std::move(field).error(), expr.span);
  }
  BoundExpr bound;
  bound.kind = BoundExpr::Kind::kField;
  bound.field = std::move(*field);
  bound.type = bound.field.type;
  bound.format = bound.field.format;
  bound.is_list = bound.field.is_list();
  bound.scope = bound.field.scope;
  return bound;
}

BoundExpr bind_literal(const Literal& literal) {
  BoundExpr bound;
  bound.kind = BoundExpr::Kind::kLiteral;
  bound.literal = literal.text;
  bound.is_number = literal.is_number;
  bound.type = literal.is_number ? ParamType::kInt64 : ParamType::kCharbuf;
  bound.format = literal.is_number ? ParamFormat::kDec : ParamFormat::kDefault;
  bound.scope = FieldScope::kConstant;
  return bound;
}

Compiled<BoundExpr> bind_tuple(const TupleExpr& expr, const FieldCatalogue& fields) {
  BoundExpr bound;
  bound.kind = BoundExpr::Kind::kTuple;
  bound.type = ParamType::kCharbuf;
  bound.is_list = true;
  bound.scope = FieldScope::kConstant;
  for (const Expr& item : expr.items) {
    SAKER_ASSIGN_OR_RETURN(BoundExpr inner, bind_expr(item, fields));
    bound.scope = std::max(bound.scope, inner.scope);
    bound.args.push_back(std::move(inner));
  }
  return bound;
}

Compiled<BoundExpr> bind_transformer(const TransformerExpr& expr, const FieldCatalogue& fields) {
  BoundExpr bound;
  bound.kind = BoundExpr::Kind::kTransformer;
  bound.transformer = find_transformer(expr.name);
  bound.scope = FieldScope::kConstant;
  if (bound.transformer == nullptr) {
    return refuse(
        Error{ErrorCode::kInvalidArgument, "transformer '" + expr.name + "' is not supported here"},
        expr.span);
  }
  for (const Expr& arg : expr.args) {
    SAKER_ASSIGN_OR_RETURN(BoundExpr inner, bind_expr(arg, fields));
    if (inner.is_plain_field() && inner.field.info->has(field_flag::kNoTransformer)) {
      return refuse(
          Error{ErrorCode::kInvalidArgument, "field '" + std::string(inner.field.info->name) +
                                                 "' does not support transformers"},
          arg.span());
    }
    bound.scope = std::max(bound.scope, inner.scope);
    bound.arg_types.push_back(
        {.type = inner.type, .is_list = inner.is_list, .description = inner.text});
    bound.args.push_back(std::move(inner));
  }
  const auto output =
      check_transformer(*bound.transformer, bound.arg_types, expr.has_argument, expr.argument);
  if (!output) {
    return refuse(output.error(), expr.span);
  }
  bound.argument = expr.argument;
  bound.type = output->type;
  bound.is_list = output->is_list;
  return bound;
}

Value literal_value(const BoundExpr& expr) {
  if (!expr.is_number) {
    return Value::text(expr.literal);
  }
  std::int64_t number = 0;
  std::from_chars(expr.literal.data(), expr.literal.data() + expr.literal.size(), number);
  return Value::integer(number);
}

}  // namespace

Compiled<BoundExpr> bind_expr(const Expr& expr, const FieldCatalogue& fields) {
  Compiled<BoundExpr> bound;
  if (const FieldExpr* field = expr.as_field()) {
    bound = bind_field(*field, fields);
  } else if (const TransformerExpr* transformer = expr.as_transformer()) {
    bound = bind_transformer(*transformer, fields);
  } else if (const TupleExpr* tuple = expr.as_tuple()) {
    bound = bind_tuple(*tuple, fields);
  } else {
    bound = bind_literal(*expr.as_literal());
  }
  if (bound) {
    bound->text = print(expr);
    bound->identity = identity_of(expr);
  }
  return bound;
}

Value evaluate(const BoundExpr& expr, const FieldContext& context) {
  switch (expr.kind) {
    case BoundExpr::Kind::kField:
      return extract(context, expr.field);
    case BoundExpr::Kind::kLiteral:
      return literal_value(expr);
    case BoundExpr::Kind::kTuple:
    case BoundExpr::Kind::kTransformer:
      break;
  }
  const std::span<Value> values = context.arena.array<Value>(expr.args.size());
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    const BoundExpr& arg = expr.args[i];
    values[i] = evaluate(arg, context);
    if (values[i].type() == ParamType::kNone) {
      values[i] = values[i].with_type(arg.type, arg.format);
    }
  }
  if (expr.kind == BoundExpr::Kind::kTuple) {
    return Value::list(values);
  }
  return apply_transformer(*expr.transformer, values, expr.arg_types, expr.argument, context.arena);
}

void collect_fields(const BoundExpr& expr, std::vector<const BoundField*>& out) {
  if (expr.is_plain_field()) {
    out.push_back(&expr.field);
  }
  for (const BoundExpr& arg : expr.args) {
    collect_fields(arg, out);
  }
}

}  // namespace saker
