// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/warnings.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/lang/parser.h"

namespace saker {
namespace {

std::vector<std::string> messages(const std::string& text) {
  const auto tree = parse_condition(text, SourceId{0}, kMaxRuleDepth);
  std::vector<std::string> out;
  for (const ConditionWarning& warning :
       find_warnings(*tree.value(), [](std::string_view name) { return name == "proc.name"; })) {
    out.push_back(warning.message);
  }
  return out;
}

using Messages = std::vector<std::string>;

TEST(Warnings, NameFieldsUsedAsText) {
  const std::string message = "' may be a valid field misused as a const string value";
  EXPECT_EQ(messages("a.b = proc.name"), Messages{"'proc.name" + message});
  EXPECT_EQ(messages("a.b = 'proc.name '"), Messages{"'proc.name " + message});
  EXPECT_EQ(messages("not a.b in (x, proc.name)"), Messages{"'proc.name" + message});
  EXPECT_EQ(messages("a.b = proc.names or a.b = val(proc.name) or proc.name exists"), Messages{});
}

TEST(Warnings, NameTransformersUsedAsText) {
  const std::string message = "' may be a valid field transformer misused as a const string value";
  EXPECT_EQ(messages("a.b = 'toupper( proc.name)'"), Messages{"'toupper( proc.name)" + message});
  EXPECT_EQ(messages("a.b = 'toupper(proc.name) x'"), Messages{});
  EXPECT_EQ(messages("a.b = 'upper(proc.name)'"), Messages{});
  EXPECT_EQ(messages("a.b = ''"), Messages{});
}

TEST(Warnings, NameRegularExpressionsThatNeedNone) {
  EXPECT_EQ(
      messages("a.b regex '.*passwd.*'"),
      Messages{"regex check with '.*passwd.*' may be optimized with simpler operators such as "
               "'=', 'contains', 'startswith', 'endswith'"});
  EXPECT_EQ(messages("a.b regex 'a[bc]'"), Messages{});
  for (const char* simple : {"", "abc", "^abc$", "^.*abc.+$", ".?abc", "/etc/x", ".*"}) {
    EXPECT_TRUE(is_simple_regex(simple)) << simple;
  }
  for (const char* complex :
       {"a.c", "a*", ".*.*a", "a|b", "a\\b", "(a)", "[a]", "a{2}", ".a", "a$b"}) {
    EXPECT_FALSE(is_simple_regex(complex)) << complex;
  }
}

TEST(Warnings, PointToTheConstant) {
  const auto tree = parse_condition("a.b in (x, proc.name)", SourceId{3}, kMaxRuleDepth);
  const auto warnings = find_warnings(**tree, [](std::string_view name) { return name != "x"; });
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].span, (SourceSpan{SourceId{3}, 11, 20}));
  EXPECT_EQ(warnings[0].right_side, (SourceSpan{SourceId{3}, 7, 21}));
}

}  // namespace
}  // namespace saker
