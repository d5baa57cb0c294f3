// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/load_rules.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/loader/compile_pass.h"
#include "tests/unit/rules/loader/load_text.h"

namespace saker {
namespace {

using testing::codes_of;
using testing::load_texts;
using testing::render_all;
using Codes = std::vector<std::string>;

std::string rule(const std::string& name, const std::string& priority, const std::string& tags) {
  return "- rule: " + name +
         "\n  desc: d\n  condition: evt.type = open\n  output: o\n  priority: " + priority +
         "\n  tags: [" + tags + "]\n";
}

// Names of the enabled rules.
std::string enabled(const LoadResult& loaded) {
  std::string out;
  for (const Rule& one : loaded.rules->rules()) {
    out += one.is_enabled ? one.name + " " : "";
  }
  return out;
}

std::string output_of(const LoadResult& loaded, std::size_t index) {
  return loaded.rules->rules()[index].output.text;
}

TEST(LoadRules, MakesAnEmptySetOfNothing) {
  const LoadResult loaded = load_texts({});
  ASSERT_NE(loaded.rules, nullptr);
  EXPECT_TRUE(loaded.rules->rules().empty());
  EXPECT_NE(load_texts({"", "---\n", "# x\n"}).rules, nullptr);
}

TEST(LoadRules, KeepsWhatARuleSays) {
  const LoadResult loaded = load_texts(
      {"- rule: R\n  desc: why\n  condition: evt.type=open\n  output: ' x %fd.name '\n  priority: "
       "info\n  tags: [b, a, b]\n  capture: true\n  capture_duration: 7\n"});
  ASSERT_NE(loaded.rules, nullptr) << render_all(loaded);
  const Rule& one = loaded.rules->rules()[0];
  EXPECT_EQ(one.name, "R");
  EXPECT_EQ(one.description, "why");
  EXPECT_EQ(one.source, "syscall");
  EXPECT_EQ(one.priority, Priority::kInformational);
  EXPECT_EQ(one.tags, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(one.has_capture);
  EXPECT_EQ(one.capture_duration_ms, 7U);
  EXPECT_EQ(one.condition_text, "evt.type=open");
  EXPECT_EQ(one.condition_compiled, "evt.type = open");
  EXPECT_EQ(one.output.text, "x %fd.name");
  EXPECT_EQ(loaded.sources.locate(one.span).line, 1U);
}

TEST(LoadRules, SelectsByNameTagAndPriority) {
  const std::string text = rule("Alpha one", "ERROR", "x") + rule("Alpha two", "DEBUG", "y") +
                           rule("Beta", "NOTICE", "x, y");
  struct Case {
    Priority least;
    std::vector<RuleSelector> selectors;
    std::string enabled;
  };
  const Case cases[] = {
      {Priority::kDebug, {}, "Alpha one Alpha two Beta "},
      {Priority::kNotice, {}, "Alpha one Beta "},
      {Priority::kError, {}, "Alpha one "},
      {Priority::kDebug, {{false, "Alpha *", ""}}, "Beta "},
      {Priority::kDebug, {{false, "*", ""}, {true, "", "y"}}, "Alpha two Beta "},
      {Priority::kNotice, {{false, "*", ""}, {true, "", "y"}}, "Beta "},
      {Priority::kDebug, {{true, "", "y"}, {false, "*", ""}}, ""},
      {Priority::kDebug, {{false, "Beta", ""}}, "Alpha one Alpha two "},
      {Priority::kDebug, {{false, "beta", ""}, {false, "eta", ""}}, "Alpha one Alpha two Beta "},
  };
  for (const Case& c : cases) {
    LoadOptions options;
    options.min_priority = c.least;
    options.selectors = c.selectors;
    const LoadResult loaded = load_texts({text}, options);
    ASSERT_NE(loaded.rules, nullptr);
    EXPECT_EQ(enabled(loaded), c.enabled);
  }
}

TEST(LoadRules, AppendsToOutputs) {
  const std::string text = rule("One", "INFO", "x, z") + rule("Two", "INFO", "y");
  OutputAddition everywhere{.extra_output = "all=%proc.name"};
  OutputAddition by_tag{.match_tags = {"x", "z"}, .extra_output = "tag"};
  OutputAddition by_rule{.match_rule = "Two", .extra_output = "two"};
  OutputAddition by_source{.match_source = "k8s_audit", .extra_output = "never"};
  LoadOptions options;
  options.additions = {everywhere, by_tag, by_rule, by_source};
  const LoadResult loaded = load_texts({text}, options);
  ASSERT_NE(loaded.rules, nullptr) << render_all(loaded);
  EXPECT_EQ(output_of(loaded, 0), "o all=%proc.name tag");
  EXPECT_EQ(output_of(loaded, 1), "o all=%proc.name two");
}

TEST(LoadRules, AppendsSuggestedFields) {
  LoadOptions options;
  options.additions = {OutputAddition{.suggested_output = true}};
  const LoadResult loaded = load_texts({rule("One", "INFO", "")}, options);
  ASSERT_NE(loaded.rules, nullptr) << render_all(loaded);
  EXPECT_EQ(output_of(loaded, 0),
            "o container_id=%container.id container_name=%container.name "
            "container_image_repository=%container.image.repository "
            "container_image_tag=%container.image.tag k8s_pod_name=%k8s.pod.name "
            "k8s_ns_name=%k8s.ns.name");
}

TEST(LoadRules, AddsExtraFields) {
  LoadOptions options;
  options.additions = {OutputAddition{.extra_fields = {{"proc.exe", ""}, {"who", "%user.name!"}}}};
  const LoadResult loaded = load_texts({rule("One", "INFO", "")}, options);
  ASSERT_NE(loaded.rules, nullptr) << render_all(loaded);
  const OutputTemplate& output = loaded.rules->rules()[0].output;
  EXPECT_EQ(output.text, "o");
  ASSERT_EQ(output.extra_fields.size(), 1U);
  EXPECT_EQ(output.extra_fields[0].key, "who");
  options.additions = {OutputAddition{.extra_fields = {{"no.such", ""}}}};
  EXPECT_EQ(codes_of(load_texts({rule("One", "INFO", "")}, options).files[0]),
            Codes{"LOAD_ERR_COMPILE_OUTPUT"});
}

TEST(LoadRules, CompilesEachFileWithThoseBefore) {
  const std::string macro = "- macro: m\n  condition: proc.name = a\n";
  const std::string user =
      "- rule: R\n  desc: d\n  condition: evt.type = open and m\n  output: o\n  priority: INFO\n";
  EXPECT_NE(load_texts({macro, user}).rules, nullptr);
  const LoadResult wrong = load_texts({user, macro});
  EXPECT_EQ(wrong.rules, nullptr);
  EXPECT_FALSE(wrong.files[0].is_valid);
  EXPECT_TRUE(wrong.files[1].is_valid);
}

TEST(LoadRules, TellsOfTheOldRulesWithEveryFile) {
  const std::string rule_text =
      "- rule: R\n  desc: d\n  condition: proc.name = a\n  output: o\n  priority: INFO\n";
  const LoadResult loaded = load_texts({rule_text, "[]"});
  EXPECT_EQ(codes_of(loaded.files[0]), Codes{"LOAD_NO_EVTTYPE"});
  EXPECT_EQ(codes_of(loaded.files[1]), Codes{"LOAD_NO_EVTTYPE"});
}

TEST(LoadRules, KeepsWhatStandsBeforeAnError) {
  const LoadResult loaded = load_texts(
      {"- macro: m\n  condition: proc.name = a\n- macro: n\n- macro: o\n  condition: proc.name = "
       "b\n",
       "- rule: R\n  desc: d\n  condition: evt.type = open and m\n  output: o\n  priority: INFO\n",
       "- rule: S\n  desc: d\n  condition: evt.type = open and o\n  output: o\n  priority: "
       "INFO\n"});
  EXPECT_FALSE(loaded.files[0].is_valid);
  EXPECT_TRUE(loaded.files[1].is_valid) << render_all(loaded);
  EXPECT_FALSE(loaded.files[2].is_valid);
  EXPECT_EQ(loaded.rules, nullptr);
}

TEST(LoadRules, ChecksPluginsAfterEachFile) {
  const auto requirement = [](const std::string& name, const std::string& version) {
    return "- required_plugin_versions:\n  - name: " + name + "\n    version: " + version + "\n";
  };
  EXPECT_NE(load_texts({requirement("container", "0.7.0")}).rules, nullptr);
  const LoadResult absent = load_texts({requirement("json", "0.7.0")});
  EXPECT_EQ(absent.rules, nullptr);
  EXPECT_EQ(absent.fatal.kind, FatalProblem::Kind::kPluginRequirement);
  EXPECT_EQ(absent.fatal.message,
            "Plugin requirement not satisfied, must load one of: json (>= 0.7.0)");
  EXPECT_EQ(load_texts({requirement("container", "0.8.0")}).fatal.message,
            "Plugin 'container' version '0.7.1' is not compatible with required plugin version "
            "'0.8.0'");
}

TEST(LoadRules, ChecksPluginsOfFilesWithErrorsToo) {
  const LoadResult loaded =
      load_texts({"- required_plugin_versions: [{name: json, version: 0.7.0}]\n- macro: m\n"});
  EXPECT_EQ(loaded.fatal.kind, FatalProblem::Kind::kPluginRequirement);
  EXPECT_EQ(loaded.diagnostics.error_count(), 2U);
}

TEST(LoadRules, HasNoRuntimeErrorBehindAnError) {
  const std::string rest = "\n  desc: d\n  output: o\n  priority: INFO\n";
  const LoadResult loaded =
      load_texts({"- rule: R\n  condition: no_such_macro" + rest +
                  "- rule: S\n  condition: evt.type = val(proc.name)" + rest});
  EXPECT_EQ(loaded.fatal.kind, FatalProblem::Kind::kNone);
  EXPECT_EQ(loaded.diagnostics.error_count(), 2U);
}

TEST(LoadRules, EndsWhereFalcoEndsWithARuntimeError) {
  const LoadResult loaded =
      load_texts({"- rule: R\n  desc: d\n  condition: evt.type = val(proc.name)\n  output: o\n  "
                  "priority: INFO\n"});
  EXPECT_EQ(loaded.fatal.kind, FatalProblem::Kind::kRuntime);
  EXPECT_EQ(loaded.rules, nullptr);
  EXPECT_TRUE(loaded.diagnostics.has_errors());
}

}  // namespace
}  // namespace saker
