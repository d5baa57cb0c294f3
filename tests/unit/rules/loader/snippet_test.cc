// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <string>

#include <gtest/gtest.h>

#include "rules/loader/load_problem.h"

namespace saker {
namespace {

TEST(FalcoSnippet, ShowsTheLineAndACaret) {
  EXPECT_EQ(falco_snippet("ab\ncd ef\ngh\n", 6), "cd ef\n   ^\n");
  EXPECT_EQ(falco_snippet("ab", 0), "ab\n^\n");
}

TEST(FalcoSnippet, StaysOnTheLastCharacterBehindTheEnd) {
  EXPECT_EQ(falco_snippet("- rule: [\n", 10), "- rule: [\n        ^\n");
  EXPECT_EQ(falco_snippet("ab", 99), "ab\n ^\n");
  EXPECT_EQ(falco_snippet("", 3), "<No context available>");
}

TEST(FalcoSnippet, CutsLongLines) {
  const std::string line = std::string(100, 'a') + 'X' + std::string(100, 'b');
  EXPECT_EQ(falco_snippet(line, 100), "..." + std::string(77, 'a') + 'X' + std::string(77, 'b') +
                                          "...\n" + std::string(80, ' ') + "^\n");
}

TEST(LoadCodes, HaveFalcosNames) {
  EXPECT_EQ(info_of(LoadCode::kYamlParse).code, "LOAD_ERR_YAML_PARSE");
  EXPECT_EQ(info_of(LoadCode::kUnknownKey).code, "LOAD_UNKNOWN_KEY");
  EXPECT_EQ(info_of(LoadCode::kValidate).severity, Severity::kError);
  EXPECT_EQ(info_of(LoadCode::kUnusedList).severity, Severity::kWarning);
  EXPECT_EQ(to_text(ItemKind::kValueFor), "value for");
  EXPECT_EQ(to_text(ItemKind::kOverrides), "overrides");
}

}  // namespace
}  // namespace saker
