// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/identity.h"

namespace saker {

namespace {

// Texts with their length in front cannot be confused with what follows.
void append(std::string& out, char tag, std::string_view text) {
  out += tag;
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

void append(std::string& out, const Literal& literal) {
  append(out, literal.is_number ? 'n' : 't', literal.text);
}

void append(std::string& out, const Expr& expr);

void append_all(std::string& out, const std::vector<Expr>& exprs) {
  out += std::to_string(exprs.size());
  out += '(';
  for (const Expr& expr : exprs) {
    append(out, expr);
  }
  out += ')';
}

void append(std::string& out, const Expr& expr) {
  if (const FieldExpr* field = expr.as_field()) {
    append(out, 'f', field->name);
    if (field->has_argument) {
      append(out, 'a', field->argument);
    }
  } else if (const TransformerExpr* transformer = expr.as_transformer()) {
    append(out, 'x', transformer->name);
    append_all(out, transformer->args);
    if (transformer->has_argument) {
      append(out, 'a', transformer->argument);
    }
  } else if (const TupleExpr* tuple = expr.as_tuple()) {
    out += 'l';
    append_all(out, tuple->items);
  } else {
    append(out, *expr.as_literal());
  }
}

}  // namespace

std::string identity_of(const Expr& expr) {
  std::string out;
  append(out, expr);
  return out;
}

std::string identity_of(const Check& check) {
  std::string out = identity_of(check.left);
  out += '|';
  out += to_text(check.op);
  out += '|';
  out += to_text(check.modifier);
  out += '|';
  if (const Literal* literal = check.right_literal()) {
    append(out, 'c', literal->text);
  } else if (const ListValue* list = check.right_list()) {
    for (const Literal& item : list->items) {
      append(out, 'c', item.text);
    }
  } else if (const Expr* right = check.right_expr()) {
    append(out, *right);
  }
  return out;
}

}  // namespace saker
