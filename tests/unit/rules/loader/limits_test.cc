// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rule files that are made to cost much. Each must end soon, in a result.
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/rules/loader/load_text.h"

namespace saker {
namespace {

using testing::load_texts;
using testing::render_all;

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

std::string rule_with(const std::string& condition) {
  return "- rule: R\n  desc: d\n  condition: " + condition + "\n  output: o\n  priority: INFO\n";
}

TEST(Limits, HugeConditionLoads) {
  const LoadResult loaded =
      load_texts({rule_with("evt.type = open" + repeat(" and proc.name != x", 50'000))});
  EXPECT_NE(loaded.rules, nullptr) << render_all(loaded).substr(0, 500);
}

TEST(Limits, HugeListLoads) {
  std::string items;
  for (int i = 0; i < 50'000; ++i) {
    items += (i == 0 ? "x" : ", x") + std::to_string(i);
  }
  const LoadResult loaded = load_texts({"- list: l\n  items: [" + items + "]\n" +
                                        rule_with("evt.type = open and proc.name in (l)")});
  EXPECT_NE(loaded.rules, nullptr) << render_all(loaded).substr(0, 500);
}

TEST(Limits, DeepConditionIsRefused) {
  const LoadResult loaded =
      load_texts({rule_with(repeat("(", 100'000) + "evt.type = open" + repeat(")", 100'000))});
  EXPECT_EQ(loaded.diagnostics.error_count(), 1U);
}

TEST(Limits, ListsThatGrowWithoutEndAreRefused) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    const std::string next = "l" + std::to_string(i + 1);
    text += "- list: l" + std::to_string(i) + "\n  items: [" + next + ", " + next + "]\n";
  }
  text += rule_with("evt.type = open and proc.name in (l0)");
  const LoadResult loaded = load_texts({text});
  EXPECT_EQ(loaded.rules, nullptr);
  EXPECT_EQ(loaded.diagnostics.error_count(), 1U) << render_all(loaded).substr(0, 500);
}

TEST(Limits, MacrosThatDoubleAreRefused) {
  std::string text = "- macro: m0\n  condition: evt.type = open\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "m" + std::to_string(i - 1);
    text += "- macro: m" + std::to_string(i) + "\n  condition: " + before + " and " + before + "\n";
  }
  const LoadResult loaded = load_texts({text + rule_with("m39")});
  EXPECT_EQ(loaded.rules, nullptr);
  EXPECT_GE(loaded.diagnostics.error_count(), 1U);
}

TEST(Limits, MacrosThatAreLargeManyTimesAreRefused) {
  std::string text =
      "- macro: big\n  condition: evt.type = open" + repeat(" or fd.num = 1", 100'000) + "\n";
  for (int i = 0; i < 100; ++i) {
    text += "- macro: m" + std::to_string(i) + "\n  condition: big or fd.num = 2\n";
  }
  const LoadResult loaded = load_texts({text});
  EXPECT_EQ(loaded.rules, nullptr);
  EXPECT_EQ(loaded.diagnostics.all().front().code, DiagnosticCode::kTooLarge);
  EXPECT_EQ(loaded.diagnostics.error_count(), 1U);
}

TEST(Limits, ManyWarningsOfOneConditionAreQuick) {
  const LoadResult loaded =
      load_texts({rule_with("evt.type = open" + repeat(" or fd.name regex abc", 30'000))});
  EXPECT_NE(loaded.rules, nullptr);
  EXPECT_GT(loaded.files[0].problems.size(), 10'000U);
}

TEST(Limits, ManyExceptionsOfOneRuleAreQuick) {
  std::string list;
  for (int i = 0; i < 5'000; ++i) {
    list += "    - {name: e" + std::to_string(i) + ", fields: proc.name, values: [x]}\n";
  }
  const LoadResult loaded = load_texts({rule_with("evt.type = open") + "  exceptions:\n" + list +
                                        "- rule: R\n  exceptions:\n" + list + "  append: true\n"});
  EXPECT_EQ(loaded.rules, nullptr);  // fields cannot be appended
}

TEST(Limits, AliasBombIsRefused) {
  std::string text = "- list: &a x\n  items: &i0 [a, a, a, a, a, a, a, a, a, a]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string alias = "*i" + std::to_string(i - 1);
    text += "- list: l" + std::to_string(i) + "\n  items: &i" + std::to_string(i) + " [" + alias +
            repeat(", " + alias, 9) + "]\n";
  }
  const LoadResult loaded = load_texts({text});
  EXPECT_EQ(loaded.rules, nullptr);
  EXPECT_EQ(loaded.diagnostics.all().front().code, DiagnosticCode::kTooLarge);
}

TEST(Limits, ManyMistakesAreCountedNotKept) {
  const LoadResult loaded = load_texts({repeat("- macro: m\n", 1000)});
  EXPECT_EQ(loaded.diagnostics.all().size(), Diagnostics::kMaxKept);
  EXPECT_EQ(loaded.diagnostics.error_count(), 1000U);
}

TEST(Limits, InvalidUtf8IsText) {
  const LoadResult loaded =
      load_texts({"- rule: \"\xff\xfe\"\n  desc: \xc3\n  condition: evt.type = open and proc.name "
                  "= \xff\xfe\n  "
                  "output: \x80\n  priority: INFO\n"});
  EXPECT_NE(loaded.rules, nullptr) << render_all(loaded);
}

TEST(Limits, NulBytesEndInAResult) {
  const LoadResult loaded =
      load_texts({std::string("- rule: \"a\\0b\"\n  desc: d\n  condition: \"evt.type = "
                              "open\\0\"\n  output: o\n  priority: INFO\n"),
                  std::string("- list: l\n  items: [a\0b]\n", 26), std::string(5, '\0')});
  EXPECT_EQ(loaded.files.size(), 3U);
}

}  // namespace
}  // namespace saker
