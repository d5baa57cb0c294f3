// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The recorded syntax and escaping cases of the reference (spec/filter_cases.json).
#include <cctype>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/lang/escape.h"
#include "engine/lang/parser.h"
#include "engine/lang/printer.h"
#include "tests/support/shared_data.h"

namespace saker {
namespace {

using nlohmann::json;

// Appends the position in the form of the recordings: "and0 1 1".
void add_position(const std::string& kind, SourceSpan span, const std::string& text,
                  std::string& out) {
  std::size_t line = 1;
  std::size_t column = 1;
  for (std::size_t i = 0; i < span.begin; ++i) {
    const bool is_break = text[i] == '\n' || text[i] == '\r';
    line += is_break ? 1 : 0;
    column = is_break ? 1 : column + 1;
  }
  out +=
      kind + std::to_string(span.begin) + " " + std::to_string(line) + " " + std::to_string(column);
}

void add_positions(const Expr& expr, const std::string& text, std::string& out) {
  if (const TransformerExpr* transformer = expr.as_transformer()) {
    add_position("transformer", transformer->span, text, out);
    for (const Expr& arg : transformer->args) {
      add_positions(arg, text, out);
    }
    return;
  }
  add_position(expr.as_field() != nullptr ? "field" : "value", expr.span(), text, out);
}

void add_positions(const Node& node, const std::string& text, std::string& out) {
  if (node.kind != NodeKind::kCheck) {
    const char* names[] = {"and", "or", "not", "", "identifier"};
    add_position(names[static_cast<int>(node.kind)], node.span, text, out);
    for (const auto& child : node.children) {
      add_positions(*child, text, out);
    }
    return;
  }
  add_position(node.check.op == CompareOp::kExists ? "unary" : "binary", node.span, text, out);
  add_positions(node.check.left, text, out);
  if (const Expr* expr = node.check.right_expr()) {
    add_positions(*expr, text, out);
  } else if (node.check.right_list() != nullptr) {
    add_position("list", node.check.right_span(), text, out);
  } else if (node.check.right_literal() != nullptr) {
    add_position("value", node.check.right_span(), text, out);
  }
}

// Where the parser stops in an accepted text is where it complains of a character that cannot go
// on.
void expect_end(const json& end, const std::string& text) {
  EXPECT_EQ(end.at("idx").get<std::size_t>(), text.size());
  const auto failed = parse_condition(text + ")", SourceId::kNone, kMaxFilterDepth);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().index, end.at("idx").get<unsigned>());
  EXPECT_EQ(failed.error().line, end.at("line").get<unsigned>());
  EXPECT_EQ(failed.error().column, end.at("col").get<unsigned>());
}

void check_syntax(const json& test) {
  const auto text = test.at("condition").get<std::string>();
  const auto tree = parse_condition(text, SourceId::kNone, kMaxFilterDepth);
  if (test.at("expect") == "reject") {
    ASSERT_FALSE(tree) << print(**tree);
    if (test.contains("error")) {
      EXPECT_EQ(tree.error().message, test.at("error").get<std::string>());
    }
    return;
  }
  ASSERT_TRUE(tree) << tree.error().message << " at " << tree.error().index;
  const std::string printed = print(**tree);
  EXPECT_EQ(printed, test.at("ast").get<std::string>());
  if (test.contains("roundtrip")) {
    const auto again = parse_condition(printed, SourceId::kNone, kMaxFilterDepth);
    ASSERT_TRUE(again);
    EXPECT_TRUE(equal(**tree, **again));
    EXPECT_EQ(print(**again), printed);
  }
  if (test.contains("positions")) {
    std::string positions;
    add_positions(**tree, text, positions);
    EXPECT_EQ(positions, test.at("positions").get<std::string>());
  }
  if (test.contains("end_pos")) {
    expect_end(test.at("end_pos"), text);
  }
}

// "latin-1 byte values": each code point of the recorded text is one byte.
std::string to_bytes(const std::string& utf8) {
  std::string bytes;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    if (c < 0x80) {
      bytes += utf8[i];
    } else {
      const auto next = static_cast<unsigned char>(utf8[++i]);
      bytes += static_cast<char>(((c & 3) << 6) | (next & 0x3f));
    }
  }
  return bytes;
}

void check_unescape(const json& test) {
  const auto text = test.at("condition").get<std::string>();
  const auto result = unescape(std::string_view(text).substr(1, text.size() - 2), text[0]);
  if (test.at("expect") == "reject") {
    EXPECT_FALSE(result);
    return;
  }
  ASSERT_TRUE(result) << result.error();
  EXPECT_EQ(*result, to_bytes(test.at("expect").get<std::string>()));
}

TEST(SyntaxCases, AgreeWithTheReference) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  std::ifstream in(dir / "spec" / "filter_cases.json");
  const json cases = json::parse(in);
  int count = 0;
  for (const json& test : cases) {
    const auto kind = test.at("kind").get<std::string>();
    SCOPED_TRACE(kind + ": " + test.at("condition").get<std::string>().substr(0, 300));
    if (kind == "syntax") {
      check_syntax(test);
    } else if (kind == "escape") {
      EXPECT_EQ(escape_value(test.at("condition").get<std::string>()),
                test.at("expect").get<std::string>());
    } else if (kind == "unescape") {
      check_unescape(test);
    } else {
      continue;
    }
    ++count;
  }
  EXPECT_EQ(count, 566 + 4 + 15);
}

}  // namespace
}  // namespace saker
