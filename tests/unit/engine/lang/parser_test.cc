// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/parser.h"

#include <string>

#include <gtest/gtest.h>

#include "engine/lang/printer.h"

namespace saker {
namespace {

constexpr SourceId kSource{7};

std::string repeat(const std::string& text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += text;
  }
  return out;
}

struct Accepted {
  const char* text;
  const char* printed;
};

class ParserAccepts : public ::testing::TestWithParam<Accepted> {};

TEST_P(ParserAccepts, AndPrints) {
  const auto tree = parse_condition(GetParam().text, kSource, kMaxFilterDepth);
  ASSERT_TRUE(tree) << tree.error().message << " at " << tree.error().index;
  EXPECT_EQ(print(**tree), GetParam().printed);
}

INSTANTIATE_TEST_SUITE_P(
    Grammar, ParserAccepts,
    ::testing::Values(
        Accepted{"\t\b\r\n a \b", "a"}, Accepted{"a or b and c", "(a or (b and c))"},
        Accepted{"(a or b) and c", "((a or b) and c)"},
        Accepted{"a and (b and c)", "(a and (b and c))"},
        Accepted{"a and(b)or(c)", "((a and b) or c)"}, Accepted{"not not not a", "not a"},
        Accepted{"not\v\fa", "not a"}, Accepted{"not not(a)", "a"},
        Accepted{"not (not (a))", "not not a"}, Accepted{"nota and notb", "(nota and notb)"},
        Accepted{"and", "and"}, Accepted{"not", "not"}, Accepted{"exists", "exists"},
        Accepted{"a.b existsand c", "(a.b exists and c)"}, Accepted{"a.b==c", "a.b == c"},
        Accepted{"a.b=c", "a.b = c"}, Accepted{"a.b!=c", "a.b != c"},
        Accepted{"a.b>=1", "a.b >= 1"}, Accepted{"a.b<-1.5", "a.b < -1.5"},
        Accepted{"a.b in(x)", "a.b in (x)"}, Accepted{"a.b inx", "a.b in x"},
        Accepted{"a.b intersects()", "a.b intersects ()"},
        Accepted{"a.b pmatch ( )", "a.b pmatch ()"},
        Accepted{"a.b in ('x y' , z)", "a.b in (\"x y\", z)"},
        Accepted{"a.b = oneof (x,y)", "a.b = oneof (x, y)"},
        Accepted{"a.b =  oneof\nx", "a.b = oneof x"}, Accepted{"a.b =oneof", "a.b = oneof"},
        Accepted{"a.b =anyof and c", "(a.b = anyof and c)"},
        Accepted{"a.b = anyof and c", "(a.b = anyof and c)"},
        Accepted{"a.b = anyof android", "a.b = anyof android"},
        Accepted{"a.b startswith allof (x)", "a.b startswith allof (x)"},
        Accepted{"a.b startswith allof", "a.b startswith allof"},
        Accepted{"a.b = val(c.d)", "a.b = val(c.d)"},
        Accepted{"a.b in val( c.d[x] )", "a.b in val(c.d[x])"},
        Accepted{"a.b > len(c.d)", "a.b > len(c.d)"},
        Accepted{"a.b = toupper( tolower(c.d) )", "a.b = toupper(tolower(c.d))"},
        Accepted{"join('-', (a.b, 'x', 3, len(c.d)))=x", "join(-,(a.b,x,3,len(c.d))) = x"},
        Accepted{"join(\" \",()) exists", "join(\" \",()) exists"},
        Accepted{"concat(0x1f,-2.5e+3,'')=x", "concat(0x1f,-2.5e+3,) = x"},
        Accepted{"getopt(a.b,'nt:')[\"t\"] = x", "getopt(a.b,nt:)[t] = x"},
        Accepted{"a.b[''] exists", "a.b[\"\"] exists"},
        Accepted{"a.b[(x,=)] exists", "a.b[\"(x,=)\"] exists"},
        Accepted{"a.b contains \"x\\\"y\\\\z\\x41\\/\"", "a.b contains \"x\\\"y\\\\zA/\""},
        Accepted{"a.b = 'x\\ y'", "a.b = \"x\\\\y\""}, Accepted{"a.b = a.c", "a.b = a.c"},
        Accepted{"a.b = tolower", "a.b = tolower"}, Accepted{"tolower", "tolower"},
        Accepted{"a.b = \xc3\xa9\xff", "a.b = \xc3\xa9\xff"}));

struct Rejected {
  const char* text;
  const char* message;
  unsigned index;
  unsigned line;
  unsigned column;
};

class ParserRejects : public ::testing::TestWithParam<Rejected> {};

TEST_P(ParserRejects, WithMessageAndPosition) {
  const auto tree = parse_condition(GetParam().text, kSource, kMaxFilterDepth);
  ASSERT_FALSE(tree) << print(**tree);
  EXPECT_EQ(tree.error().message, GetParam().message);
  EXPECT_EQ(tree.error().index, GetParam().index);
  EXPECT_EQ(tree.error().line, GetParam().line);
  EXPECT_EQ(tree.error().column, GetParam().column);
  EXPECT_EQ(tree.error().span(kSource), (SourceSpan{kSource, GetParam().index, GetParam().index}));
}

#define TRANSFORMERS \
  "'val', 'tolower', 'toupper', 'b64', 'basename', 'len', 'join', 'concat', 'getopt'"
constexpr const char* kNoCheck = "expected a '(' token, a field check, or an identifier";
constexpr const char* kNoOperator =
    "expected a valid check operator: one of 'exists', '<=', '<', '>=', '>', '==', '=', '!=', "
    "'glob', 'iglob', 'contains', 'icontains', 'bcontains', 'startswith', 'bstartswith', "
    "'endswith', 'regex', 'intersects', 'in', 'pmatch'";
constexpr const char* kNoNumber =
    "expected a number value or a field with a valid transformer: " TRANSFORMERS;
constexpr const char* kNoString =
    "expected a string value or a field with a valid transformer: " TRANSFORMERS;
constexpr const char* kNoList =
    "expected a list, an identifier, or a field with a valid transformer: " TRANSFORMERS;
constexpr const char* kNoArgument =
    "expected field transformer argument: field, transformer, quoted string, number, or "
    "transformer list";

INSTANTIATE_TEST_SUITE_P(
    Grammar, ParserRejects,
    ::testing::Values(
        Rejected{"", "filter input string is empty", 0, 1, 1}, Rejected{" ", kNoCheck, 1, 1, 2},
        Rejected{"\n\r ", kNoCheck, 3, 3, 2}, Rejected{"5", kNoCheck, 0, 1, 1},
        Rejected{"a b", "unexpected token after 'a', expecting 'or', 'and'", 2, 1, 3},
        Rejected{"a\nand b )", "unexpected token after 'b', expecting 'or', 'and'", 8, 2, 7},
        Rejected{"(a) b", "unexpected token after ')', expecting 'or', 'and'", 4, 1, 5},
        Rejected{"a.b = 'x\\ty' z", "unexpected token after 'x\ty', expecting 'or', 'and'", 13, 1,
                 14},
        Rejected{"a.b=x=y", "unexpected token after 'x', expecting 'or', 'and'", 5, 1, 6},
        Rejected{"a.b exists x", "unexpected token after 'exists', expecting 'or', 'and'", 11, 1,
                 12},
        Rejected{"a.b = oneof \"x\"", "unexpected token after 'oneof', expecting 'or', 'and'", 12,
                 1, 13},
        Rejected{"a.b = b64 (c.d)", "unexpected token after 'b64', expecting 'or', 'and'", 10, 1,
                 11},
        Rejected{"a.b < 0x", "unexpected token after '0', expecting 'or', 'and'", 7, 1, 8},
        Rejected{"a.b < 1e5", "unexpected token after '1', expecting 'or', 'and'", 7, 1, 8},
        Rejected{"a.b < 1.5e+x", "unexpected token after '1.5', expecting 'or', 'and'", 9, 1, 10},
        Rejected{"a and", "expected blank or '(' after 'and'", 5, 1, 6},
        Rejected{"a orb", "expected blank or '(' after 'or'", 4, 1, 5},
        Rejected{"a and ", kNoCheck, 6, 1, 7}, Rejected{"not ", kNoCheck, 4, 1, 5},
        Rejected{"(a", "expected a ')' token", 2, 1, 3}, Rejected{"()", kNoCheck, 1, 1, 2},
        Rejected{"(a ]", "expected a ')' token", 3, 1, 4}, Rejected{"a.b", kNoOperator, 3, 1, 4},
        Rejected{"a.b like c", kNoOperator, 4, 1, 5}, Rejected{"a.b glob", kNoOperator, 4, 1, 5},
        Rejected{"a.b globx", kNoOperator, 4, 1, 5}, Rejected{"a.b.", kNoOperator, 3, 1, 4},
        Rejected{"a.b > x", kNoNumber, 6, 1, 7}, Rejected{"a.b <= ", kNoNumber, 7, 1, 8},
        Rejected{"a.b = ", kNoString, 6, 1, 7}, Rejected{"a.b = (x)", kNoString, 6, 1, 7},
        Rejected{"a.b = 'x\\\\'", kNoString, 6, 1, 7}, Rejected{"a.b = \"x'", kNoString, 6, 1, 7},
        Rejected{"a.b in 'x'", kNoList, 7, 1, 8}, Rejected{"a.b in 5", kNoList, 7, 1, 8},
        Rejected{"a.b in (x,)", "expected a string value", 10, 1, 11},
        Rejected{"a.b in (x y)", "expected a ')' token", 10, 1, 11},
        Rejected{"a.b in (,x)", "expected a ')' token", 8, 1, 9},
        Rejected{"a.b in ('\\q' )", "expected a ')' token", 12, 1, 13},
        Rejected{"a.b in ('\\q', x)", "expected a ')' token", 12, 1, 13},
        Rejected{"a.b in (x,'\\q')", "unsupported string escape sequence: \\q", 14, 1, 15},
        Rejected{"a.b = oneof ((x))", "expected a ')' token", 13, 1, 14},
        Rejected{"a.b = val(c)", "expected a field within 'val' transformer", 10, 1, 11},
        Rejected{"a.b = val(toupper(c.d))", "expected a field within 'val' transformer", 10, 1, 11},
        Rejected{"a.b = val(c.d, e.f)", "expected a ')' token closing the transformer", 13, 1, 14},
        Rejected{"val(a.b) = c", "unexpected token after 'val', expecting 'or', 'and'", 3, 1, 4},
        Rejected{"toupper(a.b", "expected a ')' token closing the transformer", 11, 1, 12},
        Rejected{"toupper() = x", kNoArgument, 8, 1, 9},
        Rejected{"toupper(abc) = x", kNoArgument, 8, 1, 9},
        Rejected{"join('-', ((a.b))) = x",
                 "expected transformer list argument: field, transformer, quoted string, or number",
                 11, 1, 12},
        Rejected{"join('-', (a.b) = x", "expected a ')' token closing the transformer", 16, 1, 17},
        Rejected{"join('-', (a.b = x", "expected ')'", 15, 1, 16},
        Rejected{"a.b[ = x", "expected a valid field argument: a quoted string or a bare string", 4,
                 1, 5},
        Rejected{"a.b[x = y", "expected a ']' token", 5, 1, 6},
        Rejected{"a.b = \"\\'\"", "invalid \\' escape in \"-quoted string", 10, 1, 11},
        Rejected{"a.b = '\\\"'", "invalid \\\" escape in '-quoted string", 10, 1, 11},
        Rejected{"a.b = '\\x4'", "truncated hex char escape sequence", 11, 1, 12},
        Rejected{"a.b = '\\x4g'", "invalid hex char escape sequence: 4g", 12, 1, 13}));

TEST(Parser, KnowsOperatorsAndRightSides) {
  const auto tree = parse_condition("a.b[x] startswith  oneof ('c d', e)", kSource, kMaxRuleDepth);
  ASSERT_TRUE(tree);
  const Check& check = (*tree)->check;
  EXPECT_EQ(check.op, CompareOp::kStartswith);
  EXPECT_EQ(check.modifier, OpModifier::kOneof);
  EXPECT_EQ(check.op_text, "startswith oneof");
  EXPECT_EQ(check.op_span, (SourceSpan{kSource, 7, 24}));
  ASSERT_NE(check.left.as_field(), nullptr);
  EXPECT_EQ(check.left.as_field()->argument, "x");
  EXPECT_EQ(check.left.span(), (SourceSpan{kSource, 0, 6}));
  ASSERT_NE(check.right_list(), nullptr);
  ASSERT_EQ(check.right_list()->items.size(), 2U);
  EXPECT_TRUE(check.right_list()->items[0].was_quoted);
  EXPECT_EQ(check.right_list()->items[0].span, (SourceSpan{kSource, 26, 31}));
  EXPECT_FALSE(check.right_list()->items[1].was_quoted);
  EXPECT_EQ(check.right_span(), (SourceSpan{kSource, 25, 35}));
  EXPECT_EQ((*tree)->span, (SourceSpan{kSource, 0, 35}));
}

TEST(Parser, TakesAListOfOneBrokenStringForAnEmptyOne) {
  const auto tree = parse_condition("a.b in ('\\q')", kSource, kMaxRuleDepth);
  ASSERT_TRUE(tree);
  EXPECT_EQ(print(**tree), "a.b in ()");
}

TEST(Parser, SpansEndBehindTheLastToken) {
  const auto tree = parse_condition(" a and not  ( b.c > 10 )  ", kSource, kMaxRuleDepth);
  ASSERT_TRUE(tree);
  EXPECT_EQ((*tree)->span, (SourceSpan{kSource, 1, 24}));
  const Node& negation = *(*tree)->children[1];
  EXPECT_EQ(negation.span, (SourceSpan{kSource, 7, 24}));
  EXPECT_EQ(negation.children[0]->span, (SourceSpan{kSource, 14, 22}));
  EXPECT_TRUE(negation.children[0]->check.right_literal()->is_number);
}

TEST(Parser, LimitsTheDepth) {
  const auto nested = [](std::size_t count) {
    return repeat("(", count) + "a" + repeat(")", count);
  };
  EXPECT_TRUE(parse_condition(nested(18), kSource, kMaxFilterDepth));
  EXPECT_FALSE(parse_condition(nested(20), kSource, kMaxFilterDepth));
  EXPECT_TRUE(parse_condition(nested(199), kSource, kMaxRuleDepth));
  const auto deep = parse_condition(nested(1'000'000), kSource, kMaxRuleDepth);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().message, "exceeded max depth limit of 1000");
  EXPECT_FALSE(parse_condition(repeat("not(", 1'000'000), kSource, kMaxRuleDepth));
  EXPECT_FALSE(parse_condition(repeat("toupper(", 1'000'000), kSource, kMaxRuleDepth));
  EXPECT_TRUE(parse_condition(repeat("not ", 1'000'000) + "a", kSource, kMaxRuleDepth));
}

TEST(Parser, ReadsMegabytes) {
  const std::string flat = repeat("a.b = 'c d' or e.f in (1, 2) and ", 100'000) + "g";
  const auto tree = parse_condition(flat, kSource, kMaxRuleDepth);
  ASSERT_TRUE(tree);
  EXPECT_EQ((*tree)->children.size(), 100'001U);
  const std::string list = "a.b in (" + repeat("x, ", 1'000'000) + "y)";
  const auto check = parse_condition(list, kSource, kMaxFilterDepth);
  ASSERT_TRUE(check);
  EXPECT_EQ((*check)->check.right_list()->items.size(), 1'000'001U);
  EXPECT_EQ(print(**check), list);
}

}  // namespace
}  // namespace saker
