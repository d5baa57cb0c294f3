// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/unit/kit/lint/seeded_defects.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "kit/check/apply_fixes.h"
#include "kit/lint/lint_rules.h"
#include "kit/report/report.h"

namespace saker::kit::testing {
namespace {

std::string render(const CheckedRules& checked) {
  static const std::vector<std::string> kFiles = {"rules.yaml"};
  return findings_text({checked.findings, checked.loaded.sources, kFiles});
}

CheckedRules check(std::string_view text) {
  const RuleFile file{"rules.yaml", rule_file_of(text)};
  return lint_rules({&file, 1});
}

bool has(const CheckedRules& checked, std::string_view code) {
  return std::ranges::any_of(checked.findings,
                             [&](const Finding& finding) { return finding.code == code; });
}

TEST(SeededDefects, AreMany) {
  std::set<std::string_view> classes;
  for (const SeededDefect& seed : seeded_defects()) {
    classes.insert(seed.code);
  }
  EXPECT_GE(classes.size(), 12U);
  EXPECT_GE(seeded_defects().size(), 60U);
}

TEST(SeededDefects, AreFound) {
  for (const SeededDefect& seed : seeded_defects()) {
    const CheckedRules checked = check(seed.defect);
    EXPECT_TRUE(has(checked, seed.code)) << seed.code << ", " << seed.name << "\n"
                                         << seed.defect << "\n"
                                         << render(checked);
  }
}

TEST(SeededDefects, CleanTwinsAreClean) {
  for (const SeededDefect& seed : seeded_defects()) {
    const CheckedRules checked = check(seed.clean);
    EXPECT_NE(checked.loaded.rules, nullptr) << seed.clean << render(checked);
    EXPECT_TRUE(checked.findings.empty()) << seed.code << ", " << seed.name << "\n"
                                          << seed.clean << "\n"
                                          << render(checked);
  }
}

TEST(SeededDefects, FixesRemoveTheirFinding) {
  std::size_t fixed = 0;
  for (const SeededDefect& seed : seeded_defects()) {
    const CheckedRules checked = check(seed.defect);
    for (const auto& [name, text] : apply_fixes(checked.findings, checked.loaded.sources)) {
      const RuleFile file{name, text};
      const CheckedRules again = lint_rules({&file, 1});
      EXPECT_FALSE(has(again, seed.code)) << seed.name << "\n" << text << render(again);
      EXPECT_NE(again.loaded.rules, nullptr) << text;
      ++fixed;
    }
  }
  EXPECT_GE(fixed, 6U);
}

}  // namespace
}  // namespace saker::kit::testing
