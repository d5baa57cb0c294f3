// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/validation.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/field/field_catalogue.h"

namespace saker::cli {
namespace {

using nlohmann::json;

const std::string kGood =
    "- rule: r1\n  desc: d\n  condition: evt.type=open\n  output: o\n  priority: INFO\n";

LoadResult load(const std::vector<std::string>& texts) {
  std::vector<RuleFile> files;
  for (const std::string& text : texts) {
    files.push_back(RuleFile{"f" + std::to_string(files.size()) + ".yaml", text});
  }
  LoadOptions options;
  options.describes = true;
  return load_rules(files, options, std::make_shared<const FieldCatalogue>());
}

TEST(ValidationText, IsShortWhenAllIsWell) {
  const ValidationReport report =
      report_validation(load({kGood, "- list: l\n  items: []\n"}), ValidationFormat::kText);
  EXPECT_TRUE(report.is_valid);
  EXPECT_EQ(report.output, "f0.yaml: Ok\nf1.yaml: Ok, with warnings\n");
  EXPECT_EQ(report.error, "");
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_EQ(
      report.warnings[0],
      "f1.yaml: Ok\n1 Warnings:\nIn rules content: (f1.yaml:0:0)\n    list 'l': (f1.yaml:0:2)\n"
      "------\n- list: l\n  ^\n------\nLOAD_UNUSED_LIST (Unused list): List not referred to by "
      "any other rule/macro\n");
}

// Source: falco-compat.md 2.9.
TEST(ValidationText, ShowsAnErrorAsFalcoDoes) {
  const ValidationReport report = report_validation(
      load({"- rule: r1\n  desc: d\n  condition: evt.type=open and (proc.name=cat\n  output: o\n  "
            "priority: INFO\n"}),
      ValidationFormat::kText);
  EXPECT_FALSE(report.is_valid);
  EXPECT_EQ(report.output,
            "f0.yaml: Invalid\n1 Errors:\nIn rules content: (f0.yaml:0:0)\n    rule 'r1': "
            "(f0.yaml:0:2)\n    rule condition: (f0.yaml:2:13)\n    condition expression: "
            "(\"evt.type=open and...\":3:46)\n------\nevt.type=open and (proc.name=cat\n"
            "                               ^\n------\nLOAD_ERR_COMPILE_CONDITION (Error compiling "
            "condition): expected a ')' token\n\n");
  EXPECT_EQ(report.error + "\n", report.output);
}

TEST(ValidationText, PrintsTheFirstErrorOnly) {
  const ValidationReport report = report_validation(
      load({"- macro: a\n- macro: b\n- list: c\n  itms: x\n"}), ValidationFormat::kText);
  EXPECT_NE(report.output.find("1 Errors:"), std::string::npos);
  EXPECT_EQ(report.output.find("macro 'b'"), std::string::npos);
  EXPECT_EQ(report.output.find("Warnings:"), std::string::npos);
}

TEST(ValidationText, PrintsSchemaFailuresOfGoodFiles) {
  const ValidationReport report =
      report_validation(load({"- rule: r1\n  desc: d\n  condition: evt.type=open\n  output: o\n  "
                              "priority: info\n"}),
                        ValidationFormat::kText);
  EXPECT_TRUE(report.is_valid);
  EXPECT_TRUE(
      report.output.starts_with("f0.yaml: Ok\n3 Schema warnings:\n------\nfailed for "
                                "<root>[0][priority]: Failed to match"));
}

TEST(ValidationText, SaysNothingOfFilesAfterAFatalProblem) {
  const ValidationReport plugins =
      report_validation(load({"- required_plugin_versions: [{name: json, version: 0.7.0}]\n"}),
                        ValidationFormat::kText);
  EXPECT_FALSE(plugins.is_valid);
  EXPECT_EQ(plugins.output, "");
  EXPECT_EQ(plugins.error, "Plugin requirement not satisfied, must load one of: json (>= 0.7.0)");
  const ValidationReport runtime = report_validation(
      load({"- rule: r1\n  desc: d\n  condition: evt.type=val(proc.name)\n  output: o\n  priority: "
            "INFO\n"}),
      ValidationFormat::kJson);
  EXPECT_TRUE(runtime.is_runtime_error);
  EXPECT_EQ(runtime.output, "");
  EXPECT_EQ(
      runtime.error,
      "Runtime error: right-hand field comparisons on `evt.type`/`syscall.type` checks are not "
      "supported by event code search. Exiting.");
}

TEST(ValidationJson, IsOneLineWithSortedKeys) {
  const ValidationReport report = report_validation(load({kGood}), ValidationFormat::kJson);
  EXPECT_EQ(report.output,
            "{\"falco_load_results\":[{\"errors\":[],\"name\":\"f0.yaml\",\"schema_valid\":true,"
            "\"schema_warnings\":[],\"successful\":true,\"warnings\":[]}]}\n");
  EXPECT_TRUE(report.warnings.empty() && report.error.empty());
}

TEST(ValidationJson, HasNoSchemaVerdictWithoutContent) {
  const json results =
      json::parse(report_validation(load({"", "- [\n"}), ValidationFormat::kJson).output);
  for (const json& file : results.at("falco_load_results")) {
    EXPECT_FALSE(file.contains("schema_valid"));
  }
}

TEST(ValidationJson, ReplacesInvalidUtf8) {
  const ValidationReport report =
      report_validation(load({"- rule: \"\xff\"\n  desc: d\n"}), ValidationFormat::kJson);
  EXPECT_TRUE(json::accept(report.output));
}

TEST(ValidationJson, AppendsTheDescription) {
  const LoadResult loaded = load({kGood});
  const json data =
      json::parse(report_validation(loaded, ValidationFormat::kJson, &loaded.description).output);
  EXPECT_EQ(data.at("falco_describe_results").at("rules").size(), 1U);
}

}  // namespace
}  // namespace saker::cli
