// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/yaml_source.h"

#include <string>

#include <gtest/gtest.h>

namespace saker {
namespace {

// One line of text for a tree: [a, {k: v}, ~].
std::string dump(const YamlNode& node) {
  switch (node.kind) {
    case YamlKind::kNull:
      return "~";
    case YamlKind::kScalar:
      return node.is_plain ? node.text : '"' + node.text + '"';
    case YamlKind::kSequence:
    case YamlKind::kMap:
      break;
  }
  std::string out = node.is_map() ? "{" : "[";
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    out += i == 0 ? "" : node.is_map() && i % 2 == 1 ? ": " : ", ";
    out += dump(*node.items[i]);
  }
  return out + (node.is_map() ? "}" : "]");
}

std::string dump(const std::string& text) {
  const auto file = YamlFile::parse(text);
  if (!file) {
    return "error: " + file.error().message;
  }
  std::string out;
  for (const YamlNode* document : file->documents()) {
    out += (out.empty() ? "" : " --- ") + dump(*document);
  }
  return out;
}

TEST(YamlFile, ReadsTrees) {
  struct Case {
    std::string text;
    std::string tree;
  };
  const Case cases[] = {
      {"", ""},
      {"# nothing\n", ""},
      {"---\n", "~"},
      {"a", "a"},
      {"- a\n- 'b'\n- \"c\"\n- ~\n-\n", "[a, \"b\", \"c\", ~, ~]"},
      {"- rule: X\n  tags: [a, b]\n", "[{rule: X, tags: [a, b]}]"},
      {"a: 1\na: 2\n", "{a: 1, a: 2}"},
      {"- &x [a, b]\n- *x\n", "[[a, b], [a, b]]"},
      {"a\n---\nb\n", "a --- b"},
      {"- >\n  one\n  two\n", "[\"one two\n\"]"},
      {"? [x, y]\n: z\n", "{[x, y]: z}"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(dump(c.text), c.tree) << c.text;
  }
}

TEST(YamlFile, TakesTheFirstOfTwoEqualKeys) {
  const auto file = YamlFile::parse("a: 1\na: 2\n");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->documents().front()->find("a")->text, "1");
  EXPECT_EQ(file->documents().front()->find("b"), nullptr);
}

TEST(YamlFile, KnowsWhereNodesBegin) {
  const auto file = YamlFile::parse("- rule: X\n  desc: >\n    two\n");
  ASSERT_TRUE(file);
  const YamlNode& item = *file->documents().front()->items.front();
  EXPECT_EQ(item.mark.offset, 2U);
  EXPECT_EQ(item.find("rule")->mark.column, 8U);
  EXPECT_EQ(item.find("desc")->mark.line, 1U);
  EXPECT_EQ(item.find("desc")->mark.column, 8U);  // of the '>'
}

TEST(YamlFile, ReportsErrorsInTheWordsOfYamlCpp) {
  EXPECT_EQ(dump("- rule: [\n"),
            "error: yaml-cpp: error at line 2, column 1: end of sequence flow not found");
  EXPECT_EQ(dump("- *nobody\n"),
            "error: yaml-cpp: error at line 1, column 3: the referenced anchor is not defined");
}

// Found by fuzzing: yaml-cpp reads ever more empty documents here.
TEST(YamlFile, EndsWhereNothingIsRead) {
  for (const char* text : {",- x", ",", "a: b\n---\n,- x", "]", "} x"}) {
    EXPECT_TRUE(dump(text).starts_with("error: ")) << text;
  }
}

TEST(YamlFile, RefusesAnAliasInsideItsOwnNode) {
  EXPECT_NE(dump("&a [x, *a]\n").find("stands inside the node"), std::string::npos);
  EXPECT_NE(dump("&a {k: [*a]}\n").find("stands inside the node"), std::string::npos);
}

TEST(YamlFile, CountsAliasesEachTime) {
  std::string text = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "- &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 9; ++k) {
      text += ", " + before;
    }
    text += "]\n";
  }
  const auto file = YamlFile::parse(text);
  ASSERT_FALSE(file);
  EXPECT_TRUE(file.error().is_limit);
}

TEST(YamlFile, RefusesDeepNesting) {
  EXPECT_TRUE(dump(std::string(100'000, '[')).starts_with("error: "));
  std::string dashes;
  for (int i = 0; i < 10'000; ++i) {
    dashes += "- ";
  }
  EXPECT_TRUE(dump(dashes + "x\n").starts_with("error: "));
}

}  // namespace
}  // namespace saker
