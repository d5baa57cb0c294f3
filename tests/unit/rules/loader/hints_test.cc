// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Remedies: what a mistake probably meant.
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/rules/loader/load_text.h"

namespace saker {
namespace {

using testing::load_texts;
using testing::render_all;

std::string rule_with(const std::string& condition) {
  return "- rule: R\n  desc: d\n  condition: >-\n    " + condition +
         "\n  output: o\n  priority: INFO\n";
}

TEST(SyntaxHints, NameWhatWasMeant) {
  struct Row {
    const char* condition;
    const char* hint;
  };
  const Row rows[] = {
      {"evt.type = open && proc.name = x", "write 'and'"},
      {"evt.type = open || proc.name = x", "write 'or'"},
      {"!(evt.type = open)", "write 'not'"},
      {"evt.type = open AND proc.name = x", "write 'and': operators are in lower case"},
      {"evt.type = open and proc.name IN (a)", "write 'in': operators are in lower case"},
      {"evt.type = open and proc.name like a*", "write 'glob'"},
      {"evt.type = open and proc.name contians a", "did you mean 'contains'?"},
      {"evt.type = open and proc.name startwith a", "did you mean 'startswith'?"},
      {"evt.type = open and proc.name = 'a", "the quote is not closed"},
      {"evt.type = open and (proc.name = a", "a '(' is not closed"},
      {"evt.type = open and proc.name = a)", "no '(' belongs to this ')'"},
      {"evt.type = open and fd.num > x", "take a number on the right"},
  };
  for (const Row& row : rows) {
    const std::string text = render_all(load_texts({rule_with(row.condition)}));
    EXPECT_NE(text.find(row.hint), std::string::npos) << row.condition << "\n" << text;
  }
}

TEST(YamlHints, NameWhatIsWrong) {
  struct Row {
    const char* text;
    const char* hint;
  };
  const Row rows[] = {
      {"- rule: [\n", "a '[' is not closed"},
      {"- rule: {a: b\n", "a '{' is not closed"},
      {"- rule: x\n  desc: see: this\n", "needs quotes"},
      {"- rule: x\n   desc: y\n", "indented otherwise"},
      {"- rule: x\n  desc: *y\n", "begins with '*' needs quotes"},
      {"- rule: x\n  desc: @y\n", "needs quotes"},
      {"- rule: x\n  desc: \"a\\qb\"\n", "single quotes"},
      {"- list: x\n  items: []\n  <<: {a: b}\n", "write the keys out"},
  };
  for (const Row& row : rows) {
    const std::string text = render_all(load_texts({row.text}));
    EXPECT_NE(text.find(row.hint), std::string::npos) << row.text << "\n" << text;
  }
}

TEST(Mistakes, OfOneRuleAreAllTold) {
  const LoadResult loaded = load_texts(
      {"- rule: R\n  desc: d\n  condition: evt.type = opn and proc.nam = a and fd.nam = b\n"
       "  output: a %proc.nam b %fd.num c %fd.nam d %\n  priority: INFO\n"});
  std::string seen;
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    const SourceLocation at = loaded.sources.locate(diagnostic.span);
    seen +=
        std::to_string(at.line) + ":" + std::to_string(at.column) + " " + diagnostic.message + "\n";
  }
  EXPECT_EQ(seen,
            "3:25 unknown event type 'opn'\n"
            "3:33 unknown field 'proc.nam'\n"
            "3:50 unknown field 'fd.nam'\n"
            "4:14 unknown field 'proc.nam'\n"
            "4:36 unknown field 'fd.nam'\n"
            "4:45 the output ends with a lone '%'\n");
  EXPECT_EQ(testing::codes_of(loaded.files[0]).front(), "LOAD_ERR_COMPILE_OUTPUT");
}

TEST(Mistakes, OfAMacroUsedTwiceAreToldOnce) {
  const LoadResult loaded = load_texts(
      {"- macro: m\n  condition: proc.nam = a\n" + rule_with("evt.type = open and (m or not m)")});
  EXPECT_EQ(loaded.diagnostics.error_count(), 1U) << render_all(loaded);
}

TEST(Regex, Pcre2IsForThoseWhoAskForIt) {
  const std::string rule = rule_with("evt.type = open and fd.name regex '(?!x)\\\\d+'");
  const LoadResult refused = load_texts({rule});
  EXPECT_EQ(refused.rules, nullptr);
  ASSERT_EQ(refused.diagnostics.all().size(), 1U);
  EXPECT_EQ(refused.diagnostics.all()[0].code, DiagnosticCode::kInvalidRegex);
  LoadOptions options;
  options.regex.allow_pcre2 = true;
  const LoadResult allowed = load_texts({rule}, options);
  ASSERT_NE(allowed.rules, nullptr) << render_all(allowed);
  ASSERT_EQ(allowed.diagnostics.all().size(), 1U);
  EXPECT_EQ(allowed.diagnostics.all()[0].code, DiagnosticCode::kSakerOnly);
  EXPECT_EQ(allowed.diagnostics.all()[0].severity, Severity::kWarning);
  EXPECT_EQ(load_texts({rule_with("evt.type = open and fd.name regex 'a(b|c)+d'")}, options)
                .diagnostics.all()
                .size(),
            0U);
}

TEST(Caret, StandsBelowCharactersAndShowsNoControlCharacters) {
  const LoadResult loaded = load_texts(
      {rule_with("evt.type = open and proc.name = \"\xc3\xa4\xe2\x82\xac\" and proc.nam = "
                 "\xc3\xa4")});
  EXPECT_NE(
      render_all(loaded).find("\n      evt.type = open and proc.name = \"\xc3\xa4\xe2\x82\xac\" "
                              "and proc.nam = \xc3\xa4\n" +
                              std::string(41 + 6, ' ') + "^~~~~~~~\n"),
      std::string::npos)
      << render_all(loaded);
  const LoadResult escape = load_texts({rule_with("evt.type = open and proc.nam = \x1b[31mx")});
  EXPECT_EQ(render_all(escape).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace saker
