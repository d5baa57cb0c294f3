// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a user sees of a mistake, whole: place, text, code, source line, caret, notes and hint.
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/rules/loader/load_text.h"

namespace saker {
namespace {

using testing::load_texts;
using testing::render_all;

struct Case {
  std::string name;
  std::string text;
  std::string rendered;
};

// A rule whose condition is `condition`, from line 3, column 14.
std::string rule_with(const std::string& condition) {
  return "- rule: R\n  desc: d\n  condition: " + condition +
         "\n  output: o\n  priority: INFO\n  warn_evttypes: false\n";
}

class Rendered : public ::testing::TestWithParam<Case> {};

TEST_P(Rendered, IsWhatAUserSees) {
  const LoadResult loaded = load_texts({GetParam().text});
  EXPECT_EQ(render_all(loaded), GetParam().rendered);
  EXPECT_EQ(loaded.rules == nullptr, loaded.diagnostics.has_errors());
}

INSTANTIATE_TEST_SUITE_P(
    Conditions, Rendered,
    ::testing::Values(
        Case{"UnknownField", rule_with("evt.type = open and proc.nmae = x"),
             R"(a.yaml:3:34: error: unknown field 'proc.nmae' [unknown-field]
    condition: evt.type = open and proc.nmae = x
                                   ^~~~~~~~~
hint: did you mean 'proc.name'?
)"},
        Case{"UnknownFieldInFoldedMacro",
             "- macro: inner\n  condition: >\n    proc.name = a\n    and proc.nmae = b\n"
             "- macro: outer\n  condition: (evt.type = open and inner)\n" +
                 rule_with("not outer"),
             R"(a.yaml:4:9: error: unknown field 'proc.nmae' [unknown-field]
      and proc.nmae = b
          ^~~~~~~~~
a.yaml:9:18: note: in macro 'outer', used here
a.yaml:6:35: note: in macro 'inner', used here
hint: did you mean 'proc.name'?
)"},
        Case{"WrongValueInAList",
             "- list: ports\n  items: [80, https, nosuchservice]\n" +
                 rule_with("evt.type = connect and fd.sport in (ports)"),
             R"(a.yaml:2:22: error: unrecognized protocol nosuchservice [invalid-condition]
    items: [80, https, nosuchservice]
                       ^~~~~~~~~~~~~
a.yaml:5:50: note: in list 'ports', used here
)"},
        Case{"SyntaxErrorInQuotedCondition", rule_with("\"evt.type = \\\"open\\\" and (x\""),
             R"(a.yaml:3:41: error: expected a ')' token [syntax]
    condition: "evt.type = \"open\" and (x"
                                          ^
hint: a '(' is not closed
)"},
        Case{"MissingOperandAtTheEnd", rule_with(">\n    evt.type = open\n    and"),
             R"(a.yaml:5:8: error: expected a '(' token, a field check, or an identifier [syntax]
      and
         ^
)"},
        Case{"UndefinedMacro",
             "- macro: spawned\n  condition: evt.type = execve\n" + rule_with("spawnd and spawned"),
             R"(a.yaml:5:14: error: undefined macro 'spawnd' [undefined-macro]
    condition: spawnd and spawned
               ^~~~~~
hint: did you mean 'spawned'?
)"},
        Case{"ListInPlaceOfAMacro",
             "- list: shells\n  items: [bash]\n" + rule_with("evt.type = open and shells"),
             R"(a.yaml:2:11: error: undefined macro 'bash' [undefined-macro]
    items: [bash]
            ^~~~
a.yaml:5:34: note: in list 'shells', used here
hint: 'shells' is a list: compare a field with it, for example 'proc.name in (shells)'
)"},
        Case{"UnknownEventType", rule_with("evt.type = opn"),
             R"(a.yaml:3:25: error: unknown event type 'opn' [unknown-event-type]
    condition: evt.type = opn
                          ^~~
hint: did you mean 'open'?
)"},
        Case{
            "SuspiciousText", rule_with("evt.type = open and proc.name = proc.pname"),
            R"(a.yaml:3:46: warning: 'proc.pname' may be a valid field misused as a const string value [suspicious-text]
    condition: evt.type = open and proc.name = proc.pname
                                               ^~~~~~~~~~
hint: write val(...) around a field on the right side
)"},
        Case{"AppendedTextIsFoundWhereItStands",
             rule_with("evt.type = open") +
                 "- rule: R\n  condition: and proc.nmae = x\n  override: {condition: append}\n",
             R"(a.yaml:8:18: error: unknown field 'proc.nmae' [unknown-field]
    condition: and proc.nmae = x
                   ^~~~~~~~~
hint: did you mean 'proc.name'?
)"},
        Case{"ExceptionValueIsFoundWhereItStands",
             rule_with("evt.type = open") + "  exceptions:\n    - name: e\n      fields: "
                                            "[fd.num]\n      values:\n        - [three]\n",
             R"(a.yaml:11:12: error: three is not a valid number [invalid-condition]
          - [three]
             ^~~~~
)"}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Items, Rendered,
    ::testing::Values(
        Case{"UnknownKey",
             "- list: l\n  itms: [a]\n  items: [a]\n" +
                 rule_with("evt.type = open and proc.name in (l)"),
             R"(a.yaml:2:3: warning: unknown key 'itms' is ignored [unknown-key]
    itms: [a]
    ^~~~
hint: did you mean 'items'?
)"},
        Case{
            "UnknownItem", "- rul: x\n",
            R"(a.yaml:1:3: warning: an item without 'rule', 'macro' or 'list' is ignored [unknown-item]
  - rul: x
    ^~~
hint: did you mean 'rule'?
)"},
        Case{"MissingKey", "- macro: m\n",
             R"(a.yaml:1:3: error: item has no mapping for key 'condition' [missing-key]
  - macro: m
    ^~~~~
)"},
        Case{"WrongType", rule_with("evt.type = open") + "  enabled: perhaps\n",
             R"(a.yaml:7:12: error: 'perhaps' is no value for 'enabled' [wrong-type]
    enabled: perhaps
             ^~~~~~~
hint: write true or false
)"},
        Case{
            "UnknownTarget",
            rule_with("evt.type = open") +
                "- rule: S\n  tags: [x]\n  override: {tags: append}\n- macro: n\n  condition: x\n  "
                "override: {condition: append}\n",
            R"(a.yaml:7:3: error: rule uses 'append' or 'override.<key>: append' but no rule by that name already exists [unknown-target]
  - rule: S
    ^~~~
a.yaml:10:3: error: macro uses 'append' or 'override.condition: append' but no macro by that name already exists [unknown-target]
  - macro: n
    ^~~~~
)"},
        Case{"OverrideOfUnknownKey",
             rule_with("evt.type = open") + "- rule: R\n  tag: [x]\n  override: {tag: replace}\n",
             R"(a.yaml:9:14: error: key 'tag' cannot be replaced [invalid-override]
    override: {tag: replace}
               ^~~
hint: did you mean 'tags'?
)"},
        Case{"ExceptionField",
             rule_with("evt.type = open") +
                 "  exceptions: [{name: e, fields: [proc.nmae], values: [[x]]}]\n",
             R"(a.yaml:7:35: error: 'proc.nmae' is not a supported filter field [unknown-field]
    exceptions: [{name: e, fields: [proc.nmae], values: [[x]]}]
                                    ^~~~~~~~~
hint: did you mean 'proc.name'?
)"},
        Case{"OutputField",
             "- rule: R\n  desc: d\n  condition: evt.type = open\n  output: >\n    by %proc.name\n "
             "   "
             "in %prc.cwd\n  priority: INFO\n",
             R"(a.yaml:6:9: error: unknown field 'prc.cwd' [unknown-field]
      in %prc.cwd
          ^~~~~~~
hint: did you mean 'proc.cwd'?
)"},
        Case{"UnusedNames",
             "- macro: never\n  condition: proc.name = x\n- list: neither\n  items: [a]\n",
             R"(a.yaml:1:3: warning: macro 'never' is not used [unused-macro]
  - macro: never
    ^~~~~
a.yaml:3:3: warning: list 'neither' is not used [unused-list]
  - list: neither
    ^~~~
)"},
        Case{"NotYaml", "- rule: [X\n  desc: d\n",
             R"(a.yaml:2:7: error: end of sequence flow not found [yaml-syntax]
    desc: d
        ^
hint: a '[' is not closed
)"},
        Case{"NotAList", "rule: X\n",
             R"(a.yaml:1:1: error: a rule file is a list of items [not-rules]
  rule: X
  ^
hint: begin each item with '- '
)"},
        Case{"ByteOrderMark", "\xef\xbb\xbf- macro: m\n",
             R"(a.yaml:1:3: error: item has no mapping for key 'condition' [missing-key]
  - macro: m
    ^~~~~
)"}),
    [](const auto& one) { return one.param.name; });

TEST(Diagnostics, TellEveryProblemOfAFileAtOnce) {
  const LoadResult loaded = load_texts(
      {"- macro: m\n" + rule_with("evt.type = open and proc.nmae = x") +
       "- rule: S\n  desc: d\n  condition: m and fd.nmae = y\n  output: '%x.y'\n  priority: HIGH\n"
       "- rule: T\n  desc: d\n  condition: m and (\n  output: o\n  priority: INFO\n"
       "- rule: U\n  desc: d\n  condition: evt.type = open and m\n  output: o\n  priority: "
       "INFO\n"});
  // The macro, the field of R, the priority and the output of S and the parenthesis of T; nothing
  // about `m` in U, which would be a consequence.
  EXPECT_EQ(loaded.diagnostics.error_count(), 5U) << render_all(loaded);
}

TEST(Diagnostics, SayThatAMistakeIsInWhatTheConfigurationAdds) {
  struct Case {
    OutputAddition addition;
    const char* message;
  };
  const Case cases[] = {
      {{.extra_output = "%nosuch.field"}, "append_output or -p adds: unknown field 'nosuch.field'"},
      {{.extra_fields = {{"nosuch.field", ""}}},
       "adds: extra field 'nosuch.field': unknown filter"},
      {{.extra_fields = {{"k", "%nosuch.field"}}}, "adds: extra field 'k': unknown filter"},
  };
  const std::string rule =
      "- rule: R\n  desc: d\n  condition: evt.type = open\n  output: o %proc.name\n  priority: "
      "INFO\n";
  for (const Case& c : cases) {
    const LoadResult loaded = load_texts({rule}, {.additions = {c.addition}});
    EXPECT_EQ(loaded.diagnostics.error_count(), 1U);
    EXPECT_NE(render_all(loaded).find(c.message), std::string::npos) << render_all(loaded);
  }
}

TEST(Diagnostics, TellEveryProblemOfARule) {
  const LoadResult loaded = load_texts(
      {"- rule: R\n  desc: d\n  condition: evt.type = open and proc.nmae = x\n  outptu: o\n"
       "  priority: HIGH\n  tags: one\n"
       "- rule: S\n  desc: d\n  condition: evt.type = open and (proc.name = x\n  output: o\n"
       "  priority: INFO\n  exceptions: [{name: e, fields: [proc.name], comps: [inn]}]\n"});
  const std::string all = render_all(loaded);
  for (const char* const one :
       {"no mapping for key 'output'", "invalid priority", "'tags' takes a list",
        "did you mean 'output'?", "did you mean 'proc.name'?", "'inn' is not a supported"}) {
    EXPECT_NE(all.find(one), std::string::npos) << one << "\n" << all;
  }
  EXPECT_EQ(loaded.diagnostics.error_count(), 6U) << all;  // and the parenthesis of S
}

TEST(Diagnostics, AreTheSameForAllPassesOverAFile) {
  const std::string rule =
      "- rule: R\n  desc: d\n  condition: proc.name = x\n  output: o\n  priority: INFO\n";
  const LoadResult loaded = load_texts({rule, "- list: l\n  items: []\n", "[]"});
  EXPECT_EQ(loaded.files[2].problems.size(), 2U);  // Falco tells them again for every file
  EXPECT_EQ(loaded.diagnostics.all().size(), 2U);  // one for the rule, one for the list
}

}  // namespace
}  // namespace saker
