// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Random trees are printed and parsed again. The seed is printed; SAKER_TEST_SEED sets it.
#include <cstdlib>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "engine/lang/ast.h"
#include "engine/lang/operators.h"
#include "engine/lang/parser.h"
#include "engine/lang/printer.h"

namespace saker {
namespace {

class Generator {
public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool coin() { return below(2) == 0; }

  std::unique_ptr<Node> node(int depth) {
    const std::size_t kind = depth == 0 ? 4 + below(6) : below(10);
    if (kind < 3) {
      std::vector<std::unique_ptr<Node>> children;
      for (std::size_t count = 2 + below(3); count > 0; --count) {
        children.push_back(node(depth - 1));
      }
      return make_group_node(coin() ? NodeKind::kAnd : NodeKind::kOr, std::move(children), {});
    }
    if (kind == 3) {
      // `not not x` reads back as x, so a negation never holds one.
      auto child = node(depth - 1);
      return child->kind == NodeKind::kNot ? std::move(child) : make_not_node(std::move(child), {});
    }
    return kind == 4 ? make_macro_node(word() + "_m", {}) : make_check_node(check(), {});
  }

private:
  std::string word() {
    std::string out(1, static_cast<char>('a' + below(26)));
    for (std::size_t count = below(5); count > 0; --count) {
      out += "abcXYZ019_"[below(10)];
    }
    return out;
  }

  // Any text that Falco's canonical form can carry.
  std::string value() {
    static const std::string kBytes = "ab/*.-+[]{}$^|~ \t\n\r\b\f=\\\"'\xc3\xa9\x7f%;";
    std::string out(1, kBytes[below(6)]);
    for (std::size_t count = below(8); count > 0; --count) {
      out += kBytes[below(kBytes.size())];
    }
    // A final backslash cannot be quoted.
    return out.back() == '\\' ? out + "x" : out;
  }

  std::string argument() {
    return below(4) == 0 ? "" : coin() ? std::to_string(below(100)) : word() + " " + word();
  }

  Expr field() {
    FieldExpr field{.name = word() + "." + word()};
    if (coin()) {
      field.has_argument = true;
      field.argument = argument();
    }
    return Expr{std::move(field)};
  }

  Expr transformer(int depth) {
    TransformerExpr out{.name = std::string(kTransformerNames[below(kTransformerNames.size())])};
    for (std::size_t count = 1 + below(3); count > 0; --count) {
      out.args.push_back(transformer_argument(depth, true));
    }
    if (below(4) == 0) {
      out.has_argument = true;
      out.argument = argument();
    }
    return Expr{std::move(out)};
  }

  // Strings in transformers are printed without quotes unless they hold a blank or the like, and do
  // not read back then; so these do.
  Expr transformer_argument(int depth, bool allow_tuple) {
    switch (below(depth > 0 ? 5 : 3)) {
      case 0:
        return Expr{Literal{.text = word() + " " + value()}};
      case 1:
        return Expr{Literal{.text = std::to_string(below(1000)), .is_number = true}};
      case 3:
        return transformer(depth - 1);
      case 4:
        if (allow_tuple) {
          TupleExpr tuple;
          for (std::size_t count = below(4); count > 0; --count) {
            tuple.items.push_back(transformer_argument(depth - 1, false));
          }
          return Expr{std::move(tuple)};
        }
        [[fallthrough]];
      default:
        return field();
    }
  }

  Expr right_expr() {
    if (coin()) {
      return transformer(1);
    }
    TransformerExpr val{.name = "val"};
    val.args.push_back(field());
    return Expr{std::move(val)};
  }

  ListValue list() {
    ListValue out;
    for (std::size_t count = below(4); count > 0; --count) {
      out.items.push_back(Literal{.text = value()});
    }
    return out;
  }

  template <typename Rows>
  void set_operator(const Rows& rows, Check& check) {
    const OperatorRow& row = rows[below(rows.size())];
    check.op = row.op;
    check.op_text = row.text;
  }

  Check check() {
    Check out;
    out.left = coin() ? field() : transformer(2);
    switch (below(4)) {
      case 0:
        set_operator(kUnaryOperators, out);
        break;
      case 1:
        set_operator(kNumberOperators, out);
        out.right = Literal{.text = "-" + std::to_string(below(100)) + ".5e+3", .is_number = true};
        break;
      case 2:
        set_operator(kStringOperators, out);
        out.right = Literal{.text = value()};
        if (coin()) {
          out.modifier = kModifiers[below(3)];
          out.op_text += " " + std::string(to_text(out.modifier));
          out.right = list();
        }
        break;
      default:
        set_operator(kListOperators, out);
        out.right = list();
        break;
    }
    if (out.op != CompareOp::kExists && out.modifier == OpModifier::kNone && below(4) == 0) {
      out.right = right_expr();
    }
    return out;
  }

  std::mt19937 random_;
};

TEST(RoundTrip, PrintedTreesReadBack) {
  const char* given = std::getenv("SAKER_TEST_SEED");
  const std::uint32_t seed =
      given != nullptr ? static_cast<std::uint32_t>(std::atoll(given)) : std::random_device{}();
  RecordProperty("seed", std::to_string(seed));
  std::printf("seed %u (set SAKER_TEST_SEED to repeat)\n", seed);
  Generator generator(seed);
  for (int i = 0; i < 5'000; ++i) {
    const auto tree = generator.node(4);
    const std::string text = print(*tree);
    const auto again = parse_condition(text, SourceId::kNone, kMaxRuleDepth);
    ASSERT_TRUE(again) << again.error().message << " at " << again.error().index << " of\n" << text;
    ASSERT_TRUE(equal(*tree, **again)) << text << "\n" << print(**again);
    ASSERT_EQ(print(**again), text);
    ASSERT_TRUE(equal(*clone(*tree), *tree));
  }
}

}  // namespace
}  // namespace saker
