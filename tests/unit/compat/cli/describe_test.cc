// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/describe.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/field/field_catalogue.h"
#include "rules/loader/load_rules.h"

namespace saker::cli {
namespace {

using nlohmann::json;

RulesDescription describe(const std::string& text, const LoadOptions& given = {}) {
  LoadOptions options = given;
  options.describes = true;
  const std::vector<RuleFile> files{{"f.yaml", text}};
  return load_rules(files, options, std::make_shared<const FieldCatalogue>()).description;
}

const std::string kRules =
    "- required_engine_version: 0.40.0\n"
    "- required_plugin_versions: [{name: container, version: 0.1.0, alternatives: [{name: x, "
    "version: "
    "1.0.0}]}]\n"
    "- list: l\n  items: [a, b]\n"
    "- macro: m\n  condition: proc.name in (l)\n"
    "- rule: One\n  desc: what it is good for\n  condition: evt.type = open and m and not "
    "toupper(container.name) = X\n  output: o %fd.name\n  priority: INFO\n"
    "- rule: Two\n  desc: " +
    std::string(30, 'x') + " " + std::string(30, 'y') +
    "\n  condition: evt.type = close\n  output: o\n  priority: INFO\n";

TEST(DescribeText, IsATable) {
  const std::string dashes = "----" + std::string(46, ' ') + " -----------\n";
  EXPECT_EQ(*describe_text(describe(kRules)),
            "Rule" + std::string(46, ' ') + " Description\n" + dashes + "One" +
                std::string(47, ' ') + " what it is good for \n\nTwo" + std::string(47, ' ') + " " +
                std::string(30, 'x') + " \n" + std::string(51, ' ') + std::string(30, 'y') +
                " \n\n");
}

TEST(DescribeText, ShowsOneRule) {
  const RulesDescription description = describe(kRules);
  EXPECT_EQ(describe_text(description, "Two")->find("One"), std::string::npos);
  EXPECT_EQ(describe_text(description, "Three").error().message, "Rule \"Three\" is not loaded");
  EXPECT_FALSE(describe_json(description, "Three").has_value());
}

TEST(DescribeJson, TellsOfEverything) {
  const json data = json::parse(*describe_json(describe(kRules)));
  EXPECT_EQ(data.at("required_engine_version"), "0.40.0");
  EXPECT_EQ(data.at("required_plugin_versions"),
            json::parse(R"([{"name": "container", "version": "0.1.0",
                             "alternatives": [{"name": "x", "version": "1.0.0"}]}])"));
  EXPECT_EQ(data.at("lists")[0].at("info"), json::parse(R"({"name": "l", "items": ["a", "b"]})"));
  EXPECT_EQ(data.at("macros")[0].at("details").at("condition_compiled"), "proc.name in (a, b)");
  const json& details = data.at("rules")[0].at("details");
  EXPECT_EQ(details.at("macros"), json({"m"}));
  EXPECT_EQ(details.at("condition_fields"), json({"evt.type", "proc.name", "container.name"}));
  EXPECT_EQ(details.at("plugins"), json({"container"}));
  EXPECT_EQ(data.at("rules")[0].at("info").at("description"), "what it is good for");
}

TEST(DescribeJson, ShowsOneRule) {
  const json data = json::parse(*describe_json(describe(kRules), "Two"));
  ASSERT_EQ(data.at("rules").size(), 1U);
  EXPECT_EQ(data.at("rules")[0].at("info").at("name"), "Two");
}

TEST(DescribeJson, ShowsWhatTheConfigurationAppends) {
  LoadOptions options;
  options.additions = {
      OutputAddition{.extra_output = "more", .extra_fields = {{"k", "%proc.name"}}}};
  const json data = json::parse(*describe_json(describe(kRules, options), "One"));
  const json& rule = data.at("rules")[0];
  EXPECT_EQ(rule.at("info").at("output"), "o %fd.name");
  EXPECT_EQ(rule.at("details").at("output_compiled"), "o %fd.name more");
  EXPECT_EQ(rule.at("details").at("extra_output_formatted_fields"), json({{"k", "%proc.name"}}));
}

}  // namespace
}  // namespace saker::cli
