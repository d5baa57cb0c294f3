// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The formats, from one file with findings of every severity. SARIF is checked against what its
// specification requires of the parts that we write (the schema itself is not part of this
// project).
#include "kit/report/report.h"

#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "kit/check/baseline.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {
namespace {

using nlohmann::json;

constexpr const char* kRules =
    "- macro: unused_one\n  condition: proc.name = a\n"
    "- rule: <A> & \"B\"\n  desc: A rule for the formats of reports.\n"
    "  condition: evt.type = openat and proc.name = sh and proc.name = bash\n"
    "  output: seen\n  priority: WARNING\n  tags: [T1059]\n"
    "- rule: C\n  desc: Another rule, without tags at all.\n  condition: evt.type = execve\n"
    "  output: seen\n  priority: WARNING\n";

class Reports : public ::testing::Test {
protected:
  void SetUp() override {
    const RuleFile file{"rules/a b.yaml", kRules};
    checked_ = lint_rules({&file, 1});
    ASSERT_GE(checked_.findings.size(), 3U);
  }
  [[nodiscard]] Report report() const {
    return {checked_.findings, checked_.loaded.sources, files_};
  }

  CheckedRules checked_;
  std::vector<std::string> files_ = {"rules/a b.yaml"};
};

TEST_F(Reports, TextShowsPlaceCaretAndCounts) {
  const std::string text = findings_text(report());
  EXPECT_NE(text.find("rules/a b.yaml:5:55: warning: 'proc.name = bash' and 'proc.name = sh' are "
                      "never true together [contradiction]\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("^~~~~~~~~~~~~~~~"), std::string::npos) << text;
  EXPECT_NE(text.find("1 file: 0 errors, 2 warnings, 1 note\n"), std::string::npos) << text;
}

TEST_F(Reports, JsonHasEveryFinding) {
  const json data = json::parse(findings_json(report()));
  ASSERT_EQ(data["findings"].size(), checked_.findings.size());
  std::set<std::string> fingerprints;
  for (const json& finding : data["findings"]) {
    EXPECT_TRUE(finding["place"]["line"].is_number_unsigned());
    fingerprints.insert(finding["fingerprint"].get<std::string>());
  }
  EXPECT_EQ(fingerprints.size(), checked_.findings.size());
}

// Source: SARIF 2.1.0, 3.13 (log), 3.14 (run), 3.19 (driver), 3.27 (result), 3.28 (location),
// 3.30 (region), 3.49 (reporting descriptor).
TEST_F(Reports, SarifHasWhatItsSpecificationRequires) {
  const json log = json::parse(findings_sarif(report()));
  EXPECT_EQ(log["version"], "2.1.0");
  ASSERT_EQ(log["runs"].size(), 1U);
  const json& run = log["runs"][0];
  const json& driver = run["tool"]["driver"];
  EXPECT_EQ(driver["name"], "saker");
  std::vector<std::string> ids;
  for (const json& rule : driver["rules"]) {
    ids.push_back(rule["id"].get<std::string>());
    EXPECT_FALSE(rule["shortDescription"]["text"].get<std::string>().empty());
  }
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
  ASSERT_EQ(run["results"].size(), checked_.findings.size());
  for (const json& result : run["results"]) {
    EXPECT_EQ(ids.at(result["ruleIndex"].get<std::size_t>()), result["ruleId"]);
    EXPECT_TRUE(result["level"] == "error" || result["level"] == "warning" ||
                result["level"] == "note");
    EXPECT_FALSE(result["message"]["text"].get<std::string>().empty());
    ASSERT_EQ(result["locations"].size(), 1U);
    const json& place = result["locations"][0]["physicalLocation"];
    EXPECT_EQ(place["artifactLocation"]["uri"], "rules/a%20b.yaml");  // a URI reference
    EXPECT_GE(place["region"]["startLine"].get<int>(), 1);
    EXPECT_GE(place["region"]["startColumn"].get<int>(), 1);
    EXPECT_GT(place["region"]["endColumn"], place["region"]["startColumn"]);
    EXPECT_TRUE(result["partialFingerprints"]["saker/v1"].is_string());
  }
}

TEST_F(Reports, JunitEscapesMarkup) {
  const std::string text = findings_junit(report(), Severity::kNote);
  EXPECT_NE(text.find("tests=\"3\" failures=\"3\""), std::string::npos) << text;
  EXPECT_EQ(text.find("<A>"), std::string::npos);
  const std::string clean = findings_junit(report(), Severity::kError);
  EXPECT_NE(clean.find("tests=\"1\" failures=\"0\""), std::string::npos) << clean;
}

TEST_F(Reports, GithubAnnotationsEscapeLineEnds) {
  const std::string text = findings_github(report());
  EXPECT_NE(text.find("::warning file=rules/a b.yaml,line=5,col=55,title=contradiction::"),
            std::string::npos)
      << text;
  for (const Finding& finding : checked_.findings) {
    EXPECT_NE(text.find(",title=" + finding.code + "::"), std::string::npos);
  }
  EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')),
            checked_.findings.size());
}

TEST_F(Reports, BaselineSurvivesMovedLines) {
  const auto accepted = read_baseline(baseline_text(checked_.findings, checked_.loaded.sources));
  EXPECT_EQ(accepted.size(), checked_.findings.size());
  const RuleFile moved{"elsewhere/a b.yaml", "# a comment\n\n" + std::string(kRules)};
  for (const Finding& finding : lint_rules({&moved, 1}).findings) {
    EXPECT_EQ(accepted.count(finding.fingerprint), 1U) << finding.message;
  }
}

}  // namespace
}  // namespace saker::kit
