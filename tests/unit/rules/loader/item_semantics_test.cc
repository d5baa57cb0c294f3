// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What items do to each other: redefinition, append, override, visibility, lists in lists,
// exceptions. The recorded cases (tests/conformance/rule_loading) have more; these run everywhere.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/rules/loader/load_text.h"

namespace saker {
namespace {

using testing::codes_of;
using testing::load_texts;
using testing::render_all;

const std::string kRule =
    "- rule: R\n  desc: d\n  condition: evt.type = open and m\n  output: o\n  priority: INFO\n";

struct Case {
  std::string name;
  std::string text;
  std::string compiled;  // of the first rule; or the first error's text
};

std::string result_of(const std::string& text) {
  const LoadResult loaded = load_texts({text});
  if (loaded.rules != nullptr) {
    return loaded.rules->rules().empty() ? "" : loaded.rules->rules()[0].condition_compiled;
  }
  for (const LoadProblem& problem : loaded.files[0].problems) {
    if (problem.diagnostic.severity == Severity::kError) {
      return problem.message;
    }
  }
  return loaded.fatal.message;
}

class Items : public ::testing::TestWithParam<Case> {};

TEST_P(Items, ActOnEachOther) {
  EXPECT_EQ(result_of(GetParam().text), GetParam().compiled);
}

INSTANTIATE_TEST_SUITE_P(
    Semantics, Items,
    ::testing::Values(
        Case{
            "MacroAppendAddsTextWithoutParentheses",
            "- macro: m\n  condition: proc.name = a and proc.name = b\n- macro: m\n  condition: or "
            "proc.name = c\n  append: true\n" +
                kRule,
            "(evt.type = open and ((proc.name = a and proc.name = b) or proc.name = c))"},
        Case{"LaterMacroServesEarlierRule", kRule + "- macro: m\n  condition: proc.name = a\n",
             "(evt.type = open and proc.name = a)"},
        Case{"MacroSeesEarlierMacrosOnly",
             "- macro: m\n  condition: n\n- macro: n\n  condition: proc.name = a\n" + kRule,
             "Undefined macro 'n' used in filter."},
        Case{"RedefinedMacroSeesWhatCameBetween",
             "- macro: m\n  condition: proc.name = x\n- macro: n\n  condition: proc.name = a\n- "
             "macro: "
             "m\n  condition: n\n" +
                 kRule,
             "(evt.type = open and proc.name = a)"},
        Case{"ListInListGivesItsRawItems",
             "- list: a\n  items: [x, y]\n- list: b\n  items: [a, z]\n- macro: m\n  condition: "
             "proc.name "
             "in (b)\n" +
                 kRule,
             "(evt.type = open and proc.name in (x, y, z))"},
        Case{"LaterListIsNotPutIntoAnEarlierOne",
             "- list: b\n  items: [a, z]\n- macro: m\n  condition: proc.name in (b)\n- list: a\n  "
             "items: "
             "[x]\n" +
                 kRule,
             "(evt.type = open and proc.name in (x, z))"},
        Case{"NumbersAndBooleansOfAListKeepTheirText",
             "- list: b\n  items: [007, yes, 1.0]\n- macro: m\n  condition: proc.name in (b)\n" +
                 kRule,
             "(evt.type = open and proc.name in (007, yes, 1.0))"},
        Case{
            "RuleAppendTakesConditionAndExceptionsOnly",
            "- macro: m\n  condition: proc.name = a\n" + kRule +
                "- rule: R\n  condition: and fd.num = 3\n  output: '%'\n  priority: bad\n  append: "
                "true\n",
            "(evt.type = open and proc.name = a and fd.num = 3)"},
        Case{"OverrideAppendsBeforeItReplaces",
             "- macro: m\n  condition: proc.name = a\n" + kRule +
                 "- rule: R\n  condition: and fd.num = 3\n  tags: [x]\n  desc: e\n  override: "
                 "{desc: replace, condition: append, tags: append}\n",
             "(evt.type = open and proc.name = a and fd.num = 3)"},
        Case{"OverrideNeedsTheKey", kRule + "- rule: R\n  override: {tags: replace}\n",
             "An replace override for 'tags' was specified but 'tags' is not defined"},
        Case{"OverrideMustNameEveryKey",
             kRule + "- rule: R\n  desc: x\n  output: y\n  override: {desc: replace}\n",
             "Unexpected key 'output': no corresponding entry under 'override' is defined."},
        Case{"SourceCannotChange",
             kRule +
                 "- rule: R\n  desc: x\n  condition: x\n  output: y\n  priority: INFO\n  source: "
                 "other\n",
             "Rule has been re-defined with a different source"},
        Case{
            "ScalarException",
            "- macro: m\n  condition: proc.name = a\n" + kRule +
                "  exceptions: [{name: e, fields: fd.name, comps: startswith oneof, values: [/a, "
                "'b c']}]\n",
            "((evt.type = open and proc.name = a) and not fd.name startswith oneof (/a, \"b c\"))"},
        Case{"TupleException",
             "- macro: m\n  condition: proc.name = a\n" + kRule +
                 "  exceptions: [{name: e, fields: [fd.name, fd.num], comps: [in, '='], values: "
                 "[[[/a, /b], 3]]}]\n",
             "((evt.type = open and proc.name = a) and not (fd.name in (/a, /b) and fd.num = 3))"},
        Case{"TupleOfWrongLength",
             "- macro: m\n  condition: proc.name = a\n" + kRule +
                 "  exceptions: [{name: e, fields: [fd.name, fd.num], values: [[x]]}]\n",
             "Fields and values lists must have equal length"},
        Case{"FieldlessExceptionWithValues",
             "- macro: m\n  condition: proc.name = a\n" + kRule +
                 "  exceptions: [{name: e, fields: [], values: [[]]}]\n",
             "Fields and values lists must have equal length"},
        Case{"NestedExceptionValue",
             "- macro: m\n  condition: proc.name = a\n" + kRule +
                 "  exceptions: [{name: e, fields: [fd.name], values: [[[[[[x]]]]]]}]\n",
             "Can only decode exception entries from scalar or list values"}),
    [](const auto& one) { return one.param.name; });

TEST(ItemOrder, KeepsThePlaceOfTheFirstDefinition) {
  const std::string other =
      "- rule: S\n  desc: d\n  condition: evt.type = close\n  output: o\n  priority: INFO\n";
  const std::string again =
      "- rule: R\n  desc: d\n  condition: evt.type = mkdir\n  output: o\n  priority: INFO\n";
  const LoadResult loaded =
      load_texts({"- macro: m\n  condition: proc.name = a\n" + kRule + other + again});
  ASSERT_NE(loaded.rules, nullptr) << render_all(loaded);
  ASSERT_EQ(loaded.rules->rules().size(), 2U);
  EXPECT_EQ(loaded.rules->rules()[0].condition_compiled, "evt.type = mkdir");
  EXPECT_EQ(loaded.rules->rules()[1].name, "S");
}

TEST(SkipIfUnknown, DropsTheRuleWithAWarning) {
  const LoadResult loaded = load_texts(
      {"- rule: R\n  desc: d\n  condition: ka.verb = get\n  output: o\n  priority: INFO\n  "
       "skip-if-unknown-filter: true\n- rule: S\n  desc: d\n  condition: fd.num = x\n  output: o\n "
       " "
       "priority: INFO\n  skip-if-unknown-filter: true\n"});
  EXPECT_EQ(codes_of(loaded.files[0]),
            (std::vector<std::string>{"LOAD_UNKNOWN_FILTER", "LOAD_ERR_COMPILE_CONDITION"}));
}

TEST(UnknownSource, IsNeverCompiled) {
  const LoadResult loaded =
      load_texts({"- rule: R\n  desc: d\n  condition: (((\n  output: '%'\n  priority: INFO\n  "
                  "source: thunder\n  "
                  "exceptions: [{name: e, fields: [no.such], values: [[x]]}]\n"});
  EXPECT_EQ(codes_of(loaded.files[0]), std::vector<std::string>{"LOAD_UNKNOWN_SOURCE"});
  ASSERT_NE(loaded.rules, nullptr);
  EXPECT_TRUE(loaded.rules->rules().empty());
}

}  // namespace
}  // namespace saker
