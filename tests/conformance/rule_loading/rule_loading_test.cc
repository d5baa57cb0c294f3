// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rule files of spec/rule_loading_cases.json: verdict, codes, texts, item chain, schema verdict and
// the compiled rules.
#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/field/field_catalogue.h"
#include "rules/loader/load_rules.h"
#include "tests/support/shared_data.h"

namespace saker {
namespace {

using nlohmann::json;

// The part of the problems that Falco sees, over all files.
struct Seen {
  std::vector<std::string> error_codes;
  std::vector<std::string> error_messages;
  std::vector<std::vector<std::string>> error_locations;
  std::vector<std::string> warning_codes;
  std::vector<std::string> warning_messages;
};

Seen see(const LoadResult& loaded) {
  Seen seen;
  for (const FileReport& file : loaded.files) {
    for (const LoadProblem& problem : file.problems) {
      const bool is_error = info_of(problem.code).severity == Severity::kError;
      (is_error ? seen.error_codes : seen.warning_codes).emplace_back(info_of(problem.code).code);
      (is_error ? seen.error_messages : seen.warning_messages).push_back(problem.message);
      if (is_error) {
        auto& steps = seen.error_locations.emplace_back();
        for (const ItemLocation& location : problem.locations) {
          steps.emplace_back(to_text(location.kind));
        }
        break;
      }
    }
  }
  return seen;
}

json compiled_conditions(const RulesDescription& description) {
  json out = json::object();
  for (const RuleDescription& rule : description.rules) {
    out[rule.name] = {{"condition", rule.details.compiled},
                      {"output", rule.output_compiled},
                      {"enabled", rule.is_enabled},
                      {"priority", std::string(to_text(rule.priority))}};
  }
  return out;
}

// Whether a problem that Falco sees has this code and stands in this item. The texts of these
// records are older than the recording; error_messages has the right ones.
bool has_problem(const LoadResult& loaded, const json& wanted) {
  for (const FileReport& file : loaded.files) {
    for (const LoadProblem& problem : file.problems) {
      const bool is_code = wanted.at("Code") == info_of(problem.code).code;
      const bool is_there =
          std::ranges::any_of(problem.locations, [&](const ItemLocation& location) {
            return wanted.value("ItemType", "") == to_text(location.kind) &&
                   wanted.value("ItemName", location.name) == location.name;
          });
      if (is_code && is_there) {
        return true;
      }
    }
  }
  return false;
}

json info_of_rule(const RuleDescription& rule) {
  return {{"condition", rule.condition},     {"output", rule.output},
          {"description", rule.description}, {"priority", std::string(to_text(rule.priority))},
          {"capture", rule.has_capture},     {"capture_duration", rule.capture_duration_ms}};
}

// What only some of the cases say.
void check_details(const json& test, const LoadResult& loaded) {
  for (const char* key : {"errors", "warnings"}) {
    for (const json& wanted : test.value(key, json::array())) {
      EXPECT_EQ(has_problem(loaded, wanted), wanted.at("present").get<bool>()) << wanted;
    }
  }
  if (test.contains("enabled_rules")) {
    EXPECT_EQ(std::ranges::count_if(loaded.description.rules, &RuleDescription::is_enabled),
              test.at("enabled_rules").get<int>());
  }
  if (test.contains("rule_info")) {
    ASSERT_EQ(loaded.description.rules.size(), 1U);
    const json info = info_of_rule(loaded.description.rules.front());
    for (const auto& [key, value] : test.at("rule_info").items()) {
      EXPECT_EQ(info.at(key), value) << key;
    }
  }
}

void check_case(const json& test, const std::shared_ptr<const FieldCatalogue>& fields) {
  std::vector<RuleFile> files;
  for (const json& text : test.at("files")) {
    files.push_back(RuleFile{"file" + std::to_string(files.size()) + ".yaml", text});
  }
  LoadOptions options;
  options.describes = true;
  const LoadResult loaded = load_rules(files, options, fields);
  const bool is_fatal = loaded.fatal.kind != FatalProblem::Kind::kNone;
  EXPECT_EQ(loaded.rules != nullptr, test.at("expect") == "ok");
  if (is_fatal) {
    ASSERT_TRUE(test.contains("stderr_substring")) << loaded.fatal.message;
    EXPECT_NE(test.at("stderr_substring").get<std::string>().find(loaded.fatal.message),
              std::string::npos)
        << loaded.fatal.message;
    return;
  }
  const Seen seen = see(loaded);
  EXPECT_EQ(json(seen.error_codes), test.at("error_codes"));
  EXPECT_EQ(json(seen.error_messages), test.at("error_messages"));
  EXPECT_EQ(json(seen.warning_codes), test.at("warning_codes"));
  EXPECT_EQ(json(seen.warning_messages), test.at("warning_messages"));
  if (test.contains("error_locations")) {
    EXPECT_EQ(json(seen.error_locations), test.at("error_locations"));
  }
  check_details(test, loaded);
  if (test.contains("schema_valid") && test.at("schema_valid").is_boolean()) {
    bool is_valid = true;
    for (const FileReport& file : loaded.files) {
      is_valid = is_valid && file.schema_warnings.empty();
    }
    EXPECT_EQ(json(is_valid), test.at("schema_valid"));
  }
  if (test.contains("compiled")) {
    EXPECT_EQ(compiled_conditions(loaded.description), test.at("compiled"));
  }
}

TEST(RuleLoadingCases, AgreeWithTheReference) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  std::ifstream in(dir / "spec" / "rule_loading_cases.json");
  const json cases = json::parse(in);
  const auto fields = std::make_shared<const FieldCatalogue>();
  for (const json& test : cases) {
    SCOPED_TRACE(test.at("name").get<std::string>());
    check_case(test, fields);
  }
  EXPECT_EQ(cases.size(), 338U);
}

}  // namespace
}  // namespace saker
