// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/lang/parser.h"
#include "engine/lang/printer.h"

namespace saker {
namespace {

constexpr SourceId kSource{1};

struct Prefixes {
  const char* text;
  std::vector<std::string> expressions;  // longest first
};

TEST(OutputExpression, TriesEveryPrefixLongestFirst) {
  const std::vector<Prefixes> cases{
      {"proc.name", {"proc.name", "proc.nam", "proc.na", "proc.n"}},
      {"a.bc rest", {"a.bc", "a.b"}},
      {"a.b.c.", {"a.b.c", "a.b"}},
      {"a.bc.d1)", {"a.bc.d1", "a.bc.d", "a.bc", "a.b"}},
      {"a.b[x]tail", {"a.b[x]", "a.b"}},
      {"a.b[\"x ]\"]", {"a.b[\"x ]\"]", "a.b"}},
      {"a.b[x", {"a.b"}},
      {"a.b[]", {"a.b"}},
      {"a.b['\\q']", {"a.b"}},
      {"toupper(a.bc)", {"toupper(a.bc)"}},
      {"getopt( a.b , 'c:' )[c]!", {"getopt( a.b , 'c:' )[c]", "getopt( a.b , 'c:' )"}},
      {"getopt(a.b,'c')[", {"getopt(a.b,'c')"}},
      {"concat(a.b[x], 'y')", {"concat(a.b[x], 'y')"}},
      {"%", {}},
      {"", {}},
      {"name", {}},
      {"a.", {}},
      {" a.b", {}},
      {"toupper(a.b", {}},
      {"val(a.b)", {}},
      {"toupper (a.b)", {}},
  };
  for (const Prefixes& test : cases) {
    SCOPED_TRACE(test.text);
    const std::string text = test.text;
    std::vector<std::string> found;
    std::size_t length = 99;
    const auto longest = parse_output_expression(text, kSource, length);
    EXPECT_EQ(longest.has_value(), !test.expressions.empty());
    EXPECT_EQ(longest.has_value(), length > 0);
    for (; length > 0; length = shorter_output_expression(text, length)) {
      found.push_back(text.substr(0, length));
      // Each prefix is a whole expression by itself.
      std::size_t consumed = 0;
      EXPECT_TRUE(parse_output_expression(found.back(), kSource, consumed));
      EXPECT_EQ(consumed, length);
    }
    EXPECT_EQ(found, test.expressions);
  }
}

TEST(OutputExpression, ShiftsSpans) {
  std::size_t consumed = 0;
  const auto expr = parse_output_expression("toupper(a.b) x", kSource, consumed, 100);
  ASSERT_TRUE(expr);
  EXPECT_EQ(expr->span(), (SourceSpan{kSource, 100, 112}));
  EXPECT_EQ(expr->as_transformer()->args[0].span(), (SourceSpan{kSource, 108, 111}));
}

TEST(OutputExpression, FailsAsFalcoDoes) {
  std::size_t consumed = 1;
  const auto expr = parse_output_expression("% done", kSource, consumed);
  ASSERT_FALSE(expr);
  EXPECT_EQ(expr.error().message, "unexpected token after '");
  EXPECT_EQ(consumed, 0U);
}

TEST(OutputExpression, LimitsTheDepth) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += "toupper(";
  }
  std::size_t consumed = 0;
  EXPECT_FALSE(parse_output_expression(text, kSource, consumed));
}

}  // namespace
}  // namespace saker
