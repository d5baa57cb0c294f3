// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The warnings on Falco's official rule files, each looked at. A new one must be justified here or
// is a mistake of a lint.
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "kit/lint/lint_rules.h"
#include "tests/support/shared_data.h"

namespace saker::kit {
namespace {

struct KnownFinding {
  const char* file;
  std::uint32_t line;
  const char* code;
  const char* why_it_is_right;
};

constexpr KnownFinding kKnown[] = {
    {"falco_rules.yaml", 968, "output-always-missing",
     "the rule is about execve, which has no descriptor: recorded alerts show fd.name as <NA>"},
    {"falco_rules.yaml", 1174, "output-always-missing", "likewise"},
    {"falco-incubating_rules.yaml", 108, "duplicate-item", "'touch' stands there twice"},
    {"falco-incubating_rules.yaml", 787, "dead-arm",
     "user.name = root is what the shipped user_known_non_sudo_setuid_conditions excludes too"},
    {"falco-incubating_rules.yaml", 803, "redundant-arm", "every '--list' contains '-l'"},
    {"falco-incubating_rules.yaml", 848, "dead-arm",
     "creat has no flags, so creat and evt.arg.flags contains O_CREAT is never true"},
    {"falco-sandbox_rules.yaml", 343, "redundant-arm",
     "/etc/httpd/conf.d/ begins with /etc/httpd/conf"},
    {"falco-sandbox_rules.yaml", 572, "absorbed-item", "/etc/apt/sources.list.d is below /etc/apt"},
    {"falco-sandbox_rules.yaml", 775, "redundant-arm", "/etc/redis.conf begins with /etc/redis"},
    {"falco-sandbox_rules.yaml", 1292, "contradiction",
     "the shipped allowed_containers allows all: the rule is silent until the macro is replaced"},
    {"falco-sandbox_rules.yaml", 1628, "redundant-arm",
     "the other arm looks for a backslash: its blank is lost with its escape"},
    {"falco-sandbox_rules.yaml", 1707, "redundant-arm", "every '--decode' contains '-d'"},
};

TEST(OfficialRules, WarningsAreTheKnownOnes) {
  const auto dir = saker::testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << saker::testing::kNoSharedData;
  }
  const std::vector<std::vector<std::string>> sets = {
      {"falco_rules.yaml"},
      {"falco_rules.yaml", "falco-incubating_rules.yaml"},
      {"falco-sandbox_rules.yaml"}};
  std::set<std::string> found;
  for (const auto& names : sets) {
    std::vector<RuleFile> files;
    for (const std::string& name : names) {
      std::ifstream file(dir / "data/rules" / name, std::ios::binary);
      files.push_back(
          {name, {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()}});
    }
    const CheckedRules checked = lint_rules(files);
    for (const Finding& finding : checked.findings) {
      if (finding.severity != Severity::kNote) {
        const SourceLocation place = checked.loaded.sources.locate(finding.span);
        found.insert(std::string(place.file) + ":" + std::to_string(place.line) + " " +
                     finding.code);
      }
    }
  }
  std::set<std::string> known;
  for (const KnownFinding& one : kKnown) {
    known.insert(std::string(one.file) + ":" + std::to_string(one.line) + " " + one.code);
  }
  EXPECT_EQ(found, known);
}

}  // namespace
}  // namespace saker::kit
