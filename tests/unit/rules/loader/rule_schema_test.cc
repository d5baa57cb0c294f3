// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/rule_schema.h"

#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/loader/item_keys.h"

namespace saker {
namespace {

using Messages = std::vector<std::string>;

Messages check(const std::string& text) {
  const auto file = YamlFile::parse(text);
  Messages messages;
  for (const YamlNode* document : file->documents()) {
    check_rule_schema(*document, messages);
  }
  return messages;
}

TEST(RuleSchema, AcceptsWhatFits) {
  for (const std::string text :
       {"[]", "- rule: x\n  desc: 5\n  priority: INFO\n  enabled: false\n",
        "- list: l\n  items: [1, a]\n", "- required_engine_version: 5\n",
        "- rule: x\n  capture_duration: 12\n",
        "- rule: x\n  exceptions: [{name: e, fields: [a], comps: b, values: [[c]]}]\n",
        "- required_plugin_versions:\n  - {name: a, version: b, alternatives: [{name: c, version: "
        "d}]}\n"}) {
    EXPECT_EQ(check(text), Messages()) << text;
  }
}

TEST(RuleSchema, HasEveryKeyThatTheLoaderReads) {
  const std::vector<std::span<const std::string_view>> tables{
      kRuleKeys, kMacroKeys, kListKeys, kEngineVersionKeys, kPluginVersionsKeys};
  for (const auto& keys : tables) {
    for (const std::string_view key : keys) {
      for (const std::string& message : check("- " + std::string(key) + ": x\n")) {
        EXPECT_EQ(message.find("Object contains a property that could not"), std::string::npos)
            << message;
      }
    }
  }
}

TEST(RuleSchema, NamesEveryStepOfAFailure) {
  EXPECT_EQ(
      check("- macro: m\n- rule: x\n  foo: bar\n"),
      (Messages{"failed for <root>[1]: Object contains a property that could not be validated "
                "using 'properties' or 'additionalProperties' constraints: 'foo'.",
                "failed for <root>: Failed to validate item #1 in array."}));
  EXPECT_EQ(
      check("- rule: x\n  override: {output: merge}\n"),
      (Messages{"failed for <root>[0][override][output]: Failed to match against any enum "
                "values.",
                "failed for <root>[0][override]: Failed to validate against schema associated "
                "with property name 'output'.",
                "failed for <root>[0]: Failed to validate against schema associated with "
                "property name 'override'.",
                "failed for <root>: Failed to validate item #0 in array."}));
}

TEST(RuleSchema, TakesScalarsAsText) {
  EXPECT_EQ(check("- {rule: x, enabled: yes}").size(), 3U);
  EXPECT_EQ(check("- {rule: x, enabled: 'true'}").size(), 0U);
  EXPECT_EQ(check("- {rule: x, capture_duration: 0x10}").size(), 3U);
  EXPECT_EQ(check("- {rule: x, priority: info}").size(), 3U);
  EXPECT_EQ(check("- {rule: [x]}").size(), 3U);
  EXPECT_EQ(check("- {rule: x, override: {}}").size(), 3U);
  EXPECT_EQ(check("- {rule: x, desc: a, desc: b}").front(),
            "failed for <root>[0]: Object contains a property that could not be validated using "
            "'properties' or 'additionalProperties' constraints: ''.");
}

TEST(RuleSchema, IsWrittenAsJson) {
  const std::string json = rule_schema_json();
  EXPECT_NE(json.find("\"additionalProperties\": false"), std::string::npos);
  EXPECT_NE(json.find("\"skip-if-unknown-filter\": {\"type\": \"boolean\"}"), std::string::npos);
  EXPECT_EQ(json.front(), '{');
  EXPECT_EQ(json.substr(json.size() - 2), "}\n");
}

}  // namespace
}  // namespace saker
