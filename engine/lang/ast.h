// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The syntax tree of a condition. The parser (parser.h) makes it, the macro resolver replaces macro
// nodes in it, the evaluator binds its names to fields. It knows no fields and no types: names are
// text, constants are text.
//
//   proc.name in (sh, bash) and not toupper(fd.name) = val(fd.cwd)
//
//   kAnd
//     kCheck   FieldExpr proc.name   kIn   ListValue (sh, bash)
//     kNot
//       kCheck TransformerExpr toupper(fd.name)   kEq   Expr val(fd.cwd)
//
// Spans are byte ranges of the source that the parser was given. The grammar and its corner cases
// are those of Falco's filter language.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/source_map.h"

namespace saker {

struct Expr;

// A constant as written, after unescaping. May hold any byte, also NUL (from \x00).
struct Literal {
  std::string text;
  SourceSpan span;  // with the quotes, if any
  bool was_quoted = false;
  bool is_number = false;  // came from a number token, so it may print and convert as one
};

// proc.name, proc.aname[2], evt.arg["a b"]
struct FieldExpr {
  std::string name;
  bool has_argument = false;  // an empty argument ([""]) differs from none
  std::string argument;       // unescaped
  SourceSpan span;            // with the argument
};

// toupper(fd.name), join("-", (a.b, "x", 3)), getopt(proc.args, "nt:")[t], val(fd.name).
// An argument is a number or quoted Literal, a TupleExpr, a TransformerExpr or a FieldExpr.
struct TransformerExpr {
  std::string name;
  std::vector<Expr> args;  // at least one; exactly one field for val
  bool has_argument = false;
  std::string argument;
  SourceSpan span;
};

// (a.b, "x", 3) as an argument of a transformer; may be empty; holds no other tuple.
struct TupleExpr {
  std::vector<Expr> items;
  SourceSpan span;
};

struct Expr {
  std::variant<FieldExpr, TransformerExpr, Literal, TupleExpr> value;

  [[nodiscard]] const FieldExpr* as_field() const { return std::get_if<FieldExpr>(&value); }
  [[nodiscard]] const TransformerExpr* as_transformer() const {
    return std::get_if<TransformerExpr>(&value);
  }
  [[nodiscard]] const Literal* as_literal() const { return std::get_if<Literal>(&value); }
  [[nodiscard]] const TupleExpr* as_tuple() const { return std::get_if<TupleExpr>(&value); }
  [[nodiscard]] SourceSpan span() const;
};

// `=` and `==` are both kEq; Check::op_text tells them apart.
enum class CompareOp : std::uint8_t {
  kExists,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kContains,
  kIcontains,
  kBcontains,
  kStartswith,
  kBstartswith,
  kEndswith,
  kGlob,
  kIglob,
  kRegex,
  kIn,
  kIntersects,
  kPmatch,
};

enum class OpModifier : std::uint8_t { kNone, kOneof, kAnyof, kAllof };

// (a, "b c") on the right side of an operator.
struct ListValue {
  std::vector<Literal> items;
  SourceSpan span;  // with the parentheses
};

// Nothing (exists), one constant, a list of constants, or a field in val() or another transformer.
// `in identifier` and `= oneof identifier` have a Literal: an unknown list name means itself.
using RightSide = std::variant<std::monostate, Literal, ListValue, Expr>;

struct Check {
  Expr left;  // field or transformer
  CompareOp op = CompareOp::kExists;
  OpModifier modifier = OpModifier::kNone;
  std::string op_text;  // as printed: "==", "startswith oneof"
  RightSide right;
  SourceSpan op_span;  // with the modifier

  [[nodiscard]] const Literal* right_literal() const { return std::get_if<Literal>(&right); }
  [[nodiscard]] const ListValue* right_list() const { return std::get_if<ListValue>(&right); }
  [[nodiscard]] const Expr* right_expr() const { return std::get_if<Expr>(&right); }
  // kNone's span for exists.
  [[nodiscard]] SourceSpan right_span() const;
};

enum class NodeKind : std::uint8_t { kAnd, kOr, kNot, kCheck, kMacro };

// One replacement of a macro name by its definition; a row of ExpansionTable (macro_resolver.h).
enum class ExpansionId : std::uint32_t { kNone = 0xffffffff };

// `and` and `or` have two or more children and are never merged with a parenthesised child of the
// same kind, `not` has one, the others have none.
struct Node {
  NodeKind kind = NodeKind::kCheck;
  std::vector<std::unique_ptr<Node>> children;
  Check check;        // kCheck
  std::string macro;  // kMacro: the name referred to
  SourceSpan span;
  ExpansionId expansion = ExpansionId::kNone;  // the innermost macro use that brought the node here

  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  Node(Node&&) noexcept = default;
  Node& operator=(Node&&) noexcept = default;
  // Frees the tree without recursion, whatever its depth.
  ~Node();
};

[[nodiscard]] std::unique_ptr<Node> make_check_node(Check check, SourceSpan span);
[[nodiscard]] std::unique_ptr<Node> make_macro_node(std::string name, SourceSpan span);
[[nodiscard]] std::unique_ptr<Node> make_not_node(std::unique_ptr<Node> child, SourceSpan span);
// `kind` is kAnd or kOr.
[[nodiscard]] std::unique_ptr<Node> make_group_node(NodeKind kind,
                                                    std::vector<std::unique_ptr<Node>> children,
                                                    SourceSpan span);

// Returns a deep copy.
[[nodiscard]] std::unique_ptr<Node> clone(const Node& node);

// Operator and transformer spellings of the language.
// Returns the spelling of `op` ("=" for kEq).
[[nodiscard]] std::string_view to_text(CompareOp op);
[[nodiscard]] std::string_view to_text(OpModifier modifier);  // "" for kNone
// The transformers that a condition may write on its left side; `val` is not among them.
inline constexpr std::array<std::string_view, 8> kTransformerNames{
    "tolower", "toupper", "b64", "basename", "len", "join", "concat", "getopt"};
[[nodiscard]] bool is_transformer_name(std::string_view name);

}  // namespace saker
