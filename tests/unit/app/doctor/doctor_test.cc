// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/doctor/finding.h"
#include "app/doctor/loss_advice.h"
#include "app/doctor/setup_checks.h"
#include "app/doctor/system_checks.h"
#include "compat/metrics/web_client.h"
#include "engine/base/counters.h"
#include "tests/support/temp_dir.h"

namespace saker::app {
namespace {

const Finding* find(const std::vector<Finding>& findings, std::string_view check) {
  for (const Finding& finding : findings) {
    if (finding.check == check) {
      return &finding;
    }
  }
  return nullptr;
}

TEST(LossAdvice, EveryLossHasCauseAndKnob) {
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    const CounterInfo& info = counter_info(static_cast<Counter>(i));
    if (info.kind == CounterKind::kInfo) {
      continue;
    }
    const auto findings = find_losses({{std::string(info.name), 3}});
    ASSERT_EQ(findings.size(), 1U) << info.name;
    EXPECT_EQ(findings[0].health, Health::kWarning);
    EXPECT_NE(findings[0].message.find("3 "), std::string::npos);
    EXPECT_NE(findings[0].message.find("Cause: "), std::string::npos) << info.name;
    EXPECT_FALSE(findings[0].knob.empty()) << info.name;
  }
}

TEST(LossAdvice, NothingLostIsFine) {
  const auto findings = find_losses({{"events.malformed", 0}, {"events.read", 5}});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].health, Health::kFine);
}

TEST(LossAdvice, LedgerIsReadFromThePage) {
  const auto ledger = metrics::ledger_of_page(
      "# TYPE saker_ledger_total counter\n"
      "saker_ledger_total{counter=\"events.malformed\",kind=\"data_loss\"} 3\n"
      "saker_ledger_total{counter=\"events.read\",kind=\"info\"} 70\nother 1\n");
  EXPECT_EQ(ledger.size(), 2U);
  EXPECT_EQ(ledger.at("events.malformed"), 3U);
  EXPECT_EQ(ledger.at("events.read"), 70U);
}

TEST(SystemChecks, NameWhatIsMissing) {
  const testing::TempDir root;
  const std::string at = root.path().string();
  const Finding* btf = nullptr;
  const auto kernel = check_kernel(at);
  btf = find(kernel, "kernel.btf");
  ASSERT_NE(btf, nullptr);
  EXPECT_EQ(btf->health, Health::kFailure);
  EXPECT_FALSE(btf->knob.empty());
  const auto privileges = check_privileges(at);
  EXPECT_EQ(worst_of(privileges), Health::kFailure);
  EXPECT_NE(privileges[0].message.find("CAP_BPF"), std::string::npos);
  EXPECT_EQ(check_runtimes(at)[0].health, Health::kNote);
}

TEST(SystemChecks, RootHasEveryRight) {
  const testing::TempDir root;
  std::filesystem::create_directories(root.path() / "proc/self");
  std::ofstream(root.path() / "proc/self/status") << "Name:\tx\nCapEff:\t000001ffffffffff\n";
  EXPECT_EQ(worst_of(check_privileges(root.path().string())), Health::kFine);
}

TEST(SystemChecks, OldCapabilityStandsForTheNewOnes) {
  const testing::TempDir root;
  std::filesystem::create_directories(root.path() / "proc/self");
  std::ofstream(root.path() / "proc/self/status") << "CapEff:\t0000000000200000\n";
  EXPECT_EQ(worst_of(check_privileges(root.path().string())), Health::kWarning);
}

TEST(SystemChecks, DeadRuntimeSocketIsAWarning) {
  const testing::TempDir root;
  std::filesystem::create_directories(root.path() / "run/crio");
  std::ofstream(root.path() / "run/crio/crio.sock") << "";
  const auto findings = check_runtimes(root.path().string());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].health, Health::kWarning);
  EXPECT_NE(findings[0].message.find("CRI-O"), std::string::npos);
}

TEST(SetupChecks, BrokenConfigurationIsAFailureWithItsPlace) {
  const testing::TempDir dir;
  std::ofstream(dir.file("falco.yaml")) << "rule_matching: some\n";
  std::vector<Finding> findings;
  EXPECT_FALSE(check_config({.config_path = dir.file("falco.yaml")}, findings));
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].health, Health::kFailure);
  EXPECT_NE(findings[0].message.find("falco.yaml:1:"), std::string::npos) << findings[0].message;
}

TEST(SetupChecks, RulesAndOutputs) {
  const testing::TempDir dir;
  std::ofstream(dir.file("falco.yaml")) << "stdout_output: {enabled: false}\n";
  const cli::Flags flags{.config_path = dir.file("falco.yaml"), .rule_paths = {"/no/such.yaml"}};
  std::vector<Finding> findings;
  const auto config = check_config(flags, findings);
  ASSERT_TRUE(config);
  check_rules(flags, *config, findings);
  ASSERT_NE(find(findings, "rules"), nullptr);
  EXPECT_EQ(find(findings, "rules")->health, Health::kFailure);
  check_outputs(*config, false, findings);
  ASSERT_NE(find(findings, "outputs"), nullptr);
  EXPECT_EQ(find(findings, "outputs")->health, Health::kWarning);
  check_instance(*config, "", findings);
  EXPECT_EQ(find(findings, "instance")->health, Health::kNote);
  check_instance(*config, "http://127.0.0.1:1/metrics", findings);
  EXPECT_EQ(findings.back().health, Health::kNote);
}

TEST(Findings, TextAndJsonTellTheSame) {
  const std::vector<Finding> findings = {{"a", Health::kFine, "good", ""},
                                         {"b.c", Health::kFailure, "bad \"thing\"", "turn it"}};
  const std::string text = findings_text(findings);
  EXPECT_NE(text.find("ok       a "), std::string::npos) << text;
  EXPECT_NE(text.find("-> turn it\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("1 failure, 0 warning, 0 note, 1 ok\n")) << text;
  const auto json = nlohmann::json::parse(findings_json(findings));
  EXPECT_EQ(json["status"], "failure");
  EXPECT_EQ(json["findings"][1]["message"], "bad \"thing\"");
  EXPECT_EQ(json["findings"][1]["knob"], "turn it");
}

}  // namespace
}  // namespace saker::app
