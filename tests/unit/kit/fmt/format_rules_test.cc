// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/fmt/format_rules.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "kit/base/text.h"
#include "rules/loader/item_keys.h"
#include "rules/loader/load_rules.h"
#include "tests/support/shared_data.h"

namespace saker::kit {
namespace {

struct FormatCase {
  const char* name;
  const char* before;
  const char* after;
};

constexpr FormatCase kCases[] = {
    {"blank lines and order",
     "# head\n- macro: m\n  condition:   proc.name   =  a\n\n\n\n- rule: R\n  priority: INFO\n  "
     "output: x\n"
     "  condition: evt.type = open and m\n  desc: d\n",
     "# head\n- macro: m\n  condition: proc.name = a\n\n- rule: R\n  desc: d\n  condition: "
     "evt.type = open "
     "and m\n  output: x\n  priority: INFO\n"},
    {"comments stay",
     "- list: l   \n  # about the items\n  items: [a,b,   c]\n# about the rule\n- rule: R # why\n"
     "  desc: d\n  condition: >\n      evt.type = open\n        and proc.name in (l)\n  output: x\n"
     "  priority: INFO\n",
     "- list: l\n  # about the items\n  items: [a, b, c]\n\n# about the rule\n- rule: R # why\n  "
     "desc: d\n"
     "  condition: >\n    evt.type = open and proc.name in (l)\n  output: x\n  priority: INFO\n"},
    {"deeper indentation", "  - list: l\n    items:\n      - a # first\n      - b\n",
     "- list: l\n  items:\n    - a # first\n    - b\n"},
    {"quotes keep their blanks",
     "- macro: m\n  condition: proc.args contains \"a   b\"   or proc.name='x'\n",
     "- macro: m\n  condition: proc.args contains \"a   b\" or proc.name='x'\n"},
    {"long lists",
     "- list: l\n  items: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, "
     "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
     "ccccccccccccccccccccccccccccccccccc]\n",
     "- list: l\n  items: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, "
     "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,\n"
     "    ccccccccccccccccccccccccccccccccccc]\n"},
};

TEST(FormatRules, Cases) {
  for (const FormatCase& one : kCases) {
    const Formatted formatted = format_rules(one.before);
    EXPECT_EQ(formatted.problem, "") << one.name;
    EXPECT_EQ(formatted.text, one.after) << one.name;
    EXPECT_EQ(format_rules(formatted.text).text, formatted.text) << one.name;
  }
}

TEST(FormatRules, LeavesWhatIsNoYaml) {
  const Formatted formatted = format_rules("- rule: [\n");
  EXPECT_NE(formatted.problem, "");
  EXPECT_EQ(formatted.text, "- rule: [\n");
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What was compiled, as text.
std::string compiled(const std::string& text) {
  const RuleFile file{"rules.yaml", text};
  const LoadResult loaded = load_rules({&file, 1}, {}, std::make_shared<const FieldCatalogue>());
  if (loaded.rules == nullptr) {
    return "does not load";
  }
  std::string out;
  for (const Rule& rule : loaded.rules->rules()) {
    out += rule.name + "\n" + rule.condition_compiled + "\n" + rule.output.text + "\n" +
           squeeze(rule.description) + "\n" + std::string(to_text(rule.priority)) +
           (rule.is_enabled ? " on" : " off");
    for (const std::string& tag : rule.tags) {
      out += " " + tag;
    }
    out += "\n";
  }
  return out;
}

std::size_t comment_count(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find('#'); at != std::string::npos; at = text.find('#', at + 1)) {
    ++count;
  }
  return count;
}

// Blank lines, blanks at line ends and before comments change nothing that counts.
std::string disturbed(const std::string& text, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    if (line.starts_with("- ") && random() % 3 == 0) {
      out += random() % 2 == 0 ? "\n\n" : "# a comment\n";
    }
    out += line + (random() % 7 == 0 ? "   " : "") + "\n";
    begin = end + 1;
  }
  return out;
}

void expect_same_meaning(const std::string& text, const std::string& name) {
  const Formatted formatted = format_rules(text);
  ASSERT_EQ(formatted.problem, "") << name;
  EXPECT_EQ(format_rules(formatted.text).text, formatted.text) << name;
  EXPECT_EQ(comment_count(formatted.text), comment_count(text)) << name;
  EXPECT_EQ(compiled(formatted.text), compiled(text)) << name;
}

TEST(FormatRules, HasAPlaceForEveryKeyOfARule) {
  for (const std::string_view key : kRuleKeys) {
    if (key != "rule") {
      const std::string text =
          format_rules("- rule: R\n  unknown_key: 1\n  " + std::string(key) + ": x\n").text;
      EXPECT_LT(text.find(std::string(key) + ":"), text.find("unknown_key:")) << text;
    }
  }
}

TEST(FormatRules, KeepsTheMeaningOfTheShippedRules) {
  const std::string text = read(std::filesystem::path(std::getenv("SAKER_SOURCE_DIR")) /
                                "rules/default/saker_rules.yaml");
  expect_same_meaning(text, "shipped");
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    expect_same_meaning(disturbed(text, seed), "shipped, seed " + std::to_string(seed));
  }
}

TEST(FormatRules, KeepsTheMeaningOfOfficialRules) {
  const auto dir = saker::testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << saker::testing::kNoSharedData;
  }
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir / "data/rules")) {
    expect_same_meaning(read(entry.path()), entry.path().filename().string());
    ++count;
  }
  EXPECT_GT(count, 0) << "no rule files in " << dir / "data/rules";
}

// Small files with every shape of item that the language has, right and wrong ones.
TEST(FormatRules, KeepsTheMeaningOfTheLoadingCases) {
  const auto dir = saker::testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << saker::testing::kNoSharedData;
  }
  const auto cases = nlohmann::json::parse(read(dir / "spec/rule_loading_cases.json"));
  std::size_t count = 0;
  for (const auto& one : cases) {
    for (const auto& file : one["files"]) {
      const std::string text = file.get<std::string>();
      if (format_rules(text).problem.empty()) {
        expect_same_meaning(text, one["name"].get<std::string>());
        ++count;
      }
    }
  }
  EXPECT_GT(count, 300U);
}

}  // namespace
}  // namespace saker::kit
