// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/exception_text.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/lang/operators.h"

namespace saker {
namespace {

SourceText word(const std::string& text) {
  return SourceText{text, {}};
}

ExceptionValue scalar(const std::string& text) {
  return ExceptionValue{.items = {word(text)}};
}

ExceptionValue list(const std::vector<std::string>& texts) {
  ExceptionValue out{.items = {}, .is_list = true};
  for (const std::string& text : texts) {
    out.items.push_back(word(text));
  }
  return out;
}

std::string add(const std::vector<ExceptionText>& exceptions) {
  return add_exceptions(SpannedText("a or b", SourceSpan{SourceId{0}, 5, 11}), exceptions).text();
}

TEST(ExceptionText, WritesTheTextOfExceptions) {
  EXPECT_EQ(add({}), "a or b");
  EXPECT_EQ(add({{.is_single = true, .fields = {word("x.y")}, .operators = {word("in")}}}),
            "(a or b)");
  EXPECT_EQ(add({{.is_single = true,
                  .fields = {word("x.y")},
                  .operators = {word("in")},
                  .tuples = {{scalar("p")}, {scalar("q r")}, {scalar("'s t'")}}}}),
            "(a or b) and not (x.y in (p, \"q r\", 's t'))");
  EXPECT_EQ(add({{.fields = {word("x.y"), word("z.w")},
                  .operators = {word("="), word("startswith")},
                  .tuples = {{scalar("p q"), scalar("/r")}, {scalar("s"), scalar("t")}}}}),
            "(a or b) and not ((x.y = \"p q\" and z.w startswith /r) or "
            "(x.y = s and z.w startswith t))");
}

TEST(ExceptionText, WrapsScalarsForListOperators) {
  const auto value = [](const char* op, const ExceptionValue& v) {
    return add({{.fields = {word("x.y")}, .operators = {word(op)}, .tuples = {{v}}}});
  };
  EXPECT_EQ(value("in", scalar("p")), "(a or b) and not ((x.y in (p)))");
  EXPECT_EQ(value("in", scalar("(l)")), "(a or b) and not ((x.y in (l)))");
  EXPECT_EQ(value("pmatch", scalar("p q")), "(a or b) and not ((x.y pmatch (p q)))");
  EXPECT_EQ(value("= oneof", scalar("p")), "(a or b) and not ((x.y = oneof (p)))");
  EXPECT_EQ(value("in", list({"p q", "r"})), "(a or b) and not ((x.y in (\"p q\", r)))");
  EXPECT_EQ(value("=", list({"p"})), "(a or b) and not ((x.y = (p)))");
  EXPECT_EQ(value("=", scalar("val(c.d)")), "(a or b) and not ((x.y = val(c.d)))");
}

TEST(ExceptionText, KeepsOrigins) {
  const SpannedText text = add_exceptions(
      SpannedText("a", SourceSpan{SourceId{0}, 5, 6}),
      std::vector<ExceptionText>{
          {.is_single = true,
           .fields = {SourceText{"x.y", SourceSpan{SourceId{1}, 10, 13}}},
           .operators = {SourceText{"in", SourceSpan{SourceId{1}, 20, 22}}},
           .tuples = {{{.items = {SourceText{"val", SourceSpan{SourceId{1}, 30, 33}}}}}}}});
  ASSERT_EQ(text.text(), "(a) and not (x.y in (val))");
  EXPECT_EQ(text.origin_of(1, 2), (SourceSpan{SourceId{0}, 5, 6}));
  EXPECT_EQ(text.origin_of(14, 15), (SourceSpan{SourceId{1}, 11, 12}));
  EXPECT_EQ(text.origin_of(22, 24), (SourceSpan{SourceId{1}, 31, 33}));
}

TEST(Operators, AreFoundByName) {
  const auto op = find_operator("startswith anyof");
  ASSERT_TRUE(op);
  EXPECT_EQ(op->op, CompareOp::kStartswith);
  EXPECT_EQ(op->modifier, OpModifier::kAnyof);
  EXPECT_TRUE(op->takes_list);
  EXPECT_TRUE(find_operator("in")->takes_list);
  EXPECT_FALSE(find_operator("==")->takes_list);
  for (const char* text : {"", "exists", "oneof", "in oneof", ">= oneof", "frobulate oneof",
                           "no-comp", "startswith  oneof", "= ", " ="}) {
    EXPECT_FALSE(find_operator(text)) << text;
  }
}

}  // namespace
}  // namespace saker
