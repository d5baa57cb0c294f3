// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/printer.h"

#include <algorithm>
#include <string_view>

#include "engine/lang/escape.h"

namespace saker {

namespace {

void print_expr(const Expr& expr, std::string& out);
void print_node(const Node& node, std::string& out);

void print_argument(bool has_argument, std::string_view argument, std::string& out) {
  if (has_argument) {
    out += '[';
    out += argument.empty() ? "\"\"" : escape_value(argument);
    out += ']';
  }
}

void print_exprs(const std::vector<Expr>& exprs, std::string& out) {
  out += '(';
  for (const Expr& expr : exprs) {
    if (&expr != &exprs.front()) {
      out += ',';
    }
    print_expr(expr, out);
  }
  out += ')';
}

struct ExprPrinter {
  std::string& out;

  void operator()(const FieldExpr& field) const {
    out += field.name;
    print_argument(field.has_argument, field.argument, out);
  }
  void operator()(const TransformerExpr& transformer) const {
    out += transformer.name;
    print_exprs(transformer.args, out);
    print_argument(transformer.has_argument, transformer.argument, out);
  }
  void operator()(const Literal& literal) const { out += escape_value(literal.text); }
  void operator()(const TupleExpr& tuple) const { print_exprs(tuple.items, out); }
};

void print_expr(const Expr& expr, std::string& out) {
  std::visit(ExprPrinter{out}, expr.value);
}

struct RightPrinter {
  std::string& out;

  void operator()(std::monostate /*none*/) const {}
  void operator()(const Literal& literal) const { out += ' ' + escape_value(literal.text); }
  void operator()(const ListValue& list) const {
    out += " (";
    for (const Literal& item : list.items) {
      if (&item != &list.items.front()) {
        out += ", ";
      }
      out += escape_value(item.text);
    }
    out += ')';
  }
  void operator()(const Expr& expr) const {
    out += ' ';
    print_expr(expr, out);
  }
};

void print_check(const Check& check, std::string& out) {
  print_expr(check.left, out);
  out += ' ';
  out += check.op_text;
  std::visit(RightPrinter{out}, check.right);
}

void print_group(const Node& node, std::string_view separator, std::string& out) {
  out += '(';
  for (const auto& child : node.children) {
    if (&child != &node.children.front()) {
      out += separator;
    }
    print_node(*child, out);
  }
  out += ')';
}

void print_node(const Node& node, std::string& out) {
  switch (node.kind) {
    case NodeKind::kAnd:
      return print_group(node, " and ", out);
    case NodeKind::kOr:
      return print_group(node, " or ", out);
    case NodeKind::kNot:
      out += "not ";
      return print_node(*node.children.front(), out);
    case NodeKind::kCheck:
      return print_check(node.check, out);
    case NodeKind::kMacro:
      out += node.macro;
      return;
  }
}

bool equal_exprs(const std::vector<Expr>& a, const std::vector<Expr>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Expr& x, const Expr& y) { return equal(x, y); });
}

struct Equal {
  bool operator()(const FieldExpr& a, const FieldExpr& b) const {
    return a.name == b.name && a.has_argument == b.has_argument && a.argument == b.argument;
  }
  bool operator()(const TransformerExpr& a, const TransformerExpr& b) const {
    return a.name == b.name && a.has_argument == b.has_argument && a.argument == b.argument &&
           equal_exprs(a.args, b.args);
  }
  bool operator()(const Literal& a, const Literal& b) const { return a.text == b.text; }
  bool operator()(const TupleExpr& a, const TupleExpr& b) const {
    return equal_exprs(a.items, b.items);
  }
  bool operator()(const ListValue& a, const ListValue& b) const {
    return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                      [](const Literal& x, const Literal& y) { return x.text == y.text; });
  }
  bool operator()(const Expr& a, const Expr& b) const { return equal(a, b); }
  bool operator()(std::monostate /*a*/, std::monostate /*b*/) const { return true; }
  template <typename A, typename B>
  bool operator()(const A& /*a*/, const B& /*b*/) const {
    return false;
  }
};

}  // namespace

std::string print(const Node& node) {
  std::string out;
  print_node(node, out);
  return out;
}

std::string print(const Expr& expr) {
  std::string out;
  print_expr(expr, out);
  return out;
}

std::string print(const Check& check) {
  std::string out;
  print_check(check, out);
  return out;
}

bool equal(const Expr& a, const Expr& b) {
  return std::visit(Equal{}, a.value, b.value);
}

bool equal(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.macro != b.macro || a.children.size() != b.children.size()) {
    return false;
  }
  if (a.kind == NodeKind::kCheck) {
    return a.check.op == b.check.op && a.check.modifier == b.check.modifier &&
           a.check.op_text == b.check.op_text && equal(a.check.left, b.check.left) &&
           std::visit(Equal{}, a.check.right, b.check.right);
  }
  return std::equal(a.children.begin(), a.children.end(), b.children.begin(),
                    [](const auto& x, const auto& y) { return equal(*x, *y); });
}

}  // namespace saker
