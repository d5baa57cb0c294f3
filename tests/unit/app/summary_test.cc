// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/summary.h"

#include <gtest/gtest.h>

#include "rules/loader/load_rules.h"

namespace saker::app {
namespace {

std::shared_ptr<const RuleSet> rules(const std::string& text) {
  const std::vector<RuleFile> files = {{"r.yaml", text}};
  return load_rules(files, {}, std::make_shared<const FieldCatalogue>()).rules;
}

std::string rule(const std::string& name, const std::string& priority) {
  return "- rule: " + name +
         "\n  desc: x\n  condition: evt.type=open\n  output: x\n  priority: " + priority + "\n";
}

TEST(Summary, NothingMatched) {
  EXPECT_EQ(MatchTotals().summary(),
            "Events detected: 0\nRule counts by severity:\nTriggered rules by rule name:\n");
}

TEST(Summary, SeveritiesByRankAndRulesInLoadOrder) {
  const auto loaded = rules(rule("B", "INFO") + rule("A", "EMERGENCY") + rule("None", "ERROR") +
                            rule("C", "INFORMATIONAL"));
  ASSERT_NE(loaded, nullptr);
  MatchTotals totals;
  totals.add(*loaded, std::vector<std::uint64_t>{3, 1, 0, 2});
  EXPECT_EQ(totals.summary(),
            "Events detected: 6\nRule counts by severity:\n   EMERGENCY: 1\n   INFO: 5\n"
            "Triggered rules by rule name:\n   B: 3\n   A: 1\n   C: 2\n");
}

TEST(Summary, RuleSetsAddUpByName) {
  MatchTotals totals;
  totals.add(*rules(rule("A", "INFO") + rule("B", "INFO")), std::vector<std::uint64_t>{1, 2});
  totals.add(*rules(rule("B", "INFO") + rule("C", "ERROR")), std::vector<std::uint64_t>{3, 4});
  EXPECT_EQ(totals.summary(),
            "Events detected: 10\nRule counts by severity:\n   ERROR: 4\n   INFO: 6\n"
            "Triggered rules by rule name:\n   A: 1\n   B: 5\n   C: 4\n");
}

TEST(Summary, Drops) {
  EXPECT_EQ(drop_summary(2, 1),
            "Syscall event drop monitoring:\n   - event drop detected: 2 occurrences\n"
            "   - num times actions taken: 1\n");
}

}  // namespace
}  // namespace saker::app
