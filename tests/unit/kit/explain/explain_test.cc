// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The verdict of an explanation is the engine's: every rule for many events, compared with the
// Matcher.
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/ruleset/matcher.h"
#include "kit/explain/explanation.h"
#include "tests/support/shared_data.h"

namespace saker::kit {
namespace {

std::string shipped_rules() {
  return std::string(std::getenv("SAKER_SOURCE_DIR")) + "/rules/default/saker_rules.yaml";
}

class Pairs {
public:
  explicit Pairs(const RuleBench& bench)
      : bench_(bench), explainer_(bench), matcher_(bench.rules(), RuleMatching::kAll) {}

  void compare(const FieldContext& context, const Rule& rule, std::size_t id) {
    const auto matched = matcher_.match(context);
    const bool expected = std::ranges::count(matched, RuleId{static_cast<std::uint32_t>(id)}) > 0;
    const Explanation explanation = explainer_.explain(rule, context);
    ASSERT_EQ(explanation.is_match, expected) << rule.name << "\n"
                                              << explanation_text(explanation, false);
    ASSERT_FALSE(explanation.reason.empty());
    ++count_;
    match_count_ += expected ? 1U : 0U;
  }

  // Some rules for the event: those that match, and others at random.
  void compare_some(const FieldContext& context, std::mt19937& random, std::size_t how_many) {
    const auto rules = bench_.rules()->rules();
    const auto span = matcher_.match(context);
    const std::vector<RuleId> matched(span.begin(), span.end());
    for (const RuleId id : matched) {
      compare(context, bench_.rules()->rule(id), static_cast<std::size_t>(id));
    }
    for (std::size_t i = 0; i < how_many; ++i) {
      const std::size_t id = random() % rules.size();
      compare(context, rules[id], id);
    }
  }

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::size_t match_count() const { return match_count_; }

private:
  const RuleBench& bench_;
  Explainer explainer_;
  Matcher matcher_;
  std::size_t count_ = 0;
  std::size_t match_count_ = 0;
};

// Values that the shipped rules ask for, and others.
constexpr const char* kTexts[] = {"/etc/shadow",   "/etc/passwd",   "/tmp/a",
                                  "/usr/bin/dpkg", "/usr/bin/sudo", "bash",
                                  "nginx",         "curl",          "S_ISUID",
                                  "O_TRUNC",       "/var/log/a",    "/root/.bash_history",
                                  "root",          "host",          "f"};
constexpr const char* kFields[] = {"fd.name",      "proc.exepath",    "proc.name",
                                   "proc.pname",   "proc.args",       "evt.arg.path",
                                   "evt.arg.mode", "evt.arg.flags",   "fd.typechar",
                                   "container.id", "evt.arg.newpath", "evt.arg.uid"};
constexpr const char* kEvents[] = {"openat", "execve",  "rename", "unlink", "chmod",
                                   "setuid", "connect", "dup2",   "mount",  "close"};

TEST(Explain, VerdictIsTheEnginesOnRandomEvents) {
  const auto bench = RuleBench::load({shipped_rules()});
  ASSERT_TRUE(bench.has_value()) << bench.error().message;
  std::mt19937 random(11);
  Pairs pairs(**bench);
  while (pairs.count() < 100'000) {
    GivenFields fields = {{"evt.type", false, {kEvents[random() % std::size(kEvents)]}},
                          {"evt.rawres", false, {random() % 4 == 0 ? "-2" : "0"}},
                          {"evt.is_open_read", false, {random() % 2 == 0 ? "true" : "false"}},
                          {"evt.is_open_write", false, {random() % 2 == 0 ? "true" : "false"}}};
    for (const char* field : kFields) {
      if (random() % 3 != 0) {
        fields.push_back({field, random() % 8 == 0, {kTexts[random() % std::size(kTexts)]}});
      }
    }
    const auto event = (*bench)->make_event(fields, nullptr, 1);
    ASSERT_TRUE(event.has_value()) << event.error().message;
    pairs.compare_some(event->context(), random, 20);
    ASSERT_FALSE(::testing::Test::HasFatalFailure());
  }
  EXPECT_GT(pairs.match_count(), 100U);
}

TEST(Explain, VerdictIsTheEnginesOnRecordedEvents) {
  const auto dir = saker::testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << saker::testing::kNoSharedData;
  }
  const auto bench = RuleBench::load({(dir / "data/rules/falco_rules.yaml").string(),
                                      (dir / "data/rules/falco-incubating_rules.yaml").string(),
                                      (dir / "data/rules/falco-sandbox_rules.yaml").string()});
  ASSERT_TRUE(bench.has_value()) << bench.error().message;
  std::mt19937 random(12);
  Pairs pairs(**bench);
  for (const char* capture : {"attack.scap", "container.scap", "net.scap", "syscalls.scap"}) {
    const std::size_t limit = pairs.count() + 16'000;
    CaptureSlice slice;
    slice.file = (dir / "data" / capture).string();
    const Status replayed = (*bench)->replay(slice, [&](const FieldContext& context) {
      if (pairs.count() < limit && random() % 3 == 0) {
        pairs.compare_some(context, random, 3);
      }
    });
    ASSERT_TRUE(replayed.has_value()) << replayed.error().message;
  }
  EXPECT_GE(pairs.count(), 40'000U);
  EXPECT_GT(pairs.match_count(), 20U);
}

TEST(Explain, NamesReasonValuesAndOrigin) {
  const auto bench = RuleBench::load({shipped_rules()});
  ASSERT_TRUE(bench.has_value());
  const auto rules = (*bench)->rules()->rules();
  const auto rule = std::ranges::find(rules, "Password hashes read", &Rule::name);
  ASSERT_NE(rule, rules.end());
  const auto event = (*bench)->make_event({{"evt.type", false, {"openat"}},
                                           {"evt.is_open_read", false, {"true"}},
                                           {"fd.typechar", false, {"f"}},
                                           {"fd.name", false, {"/etc/hosts"}}},
                                          nullptr, 1);
  ASSERT_TRUE(event.has_value());
  Explainer explainer(**bench);
  const Explanation explanation = explainer.explain(*rule, event->context());
  EXPECT_FALSE(explanation.is_match);
  EXPECT_NE(explanation.reason.find("fd.name is '/etc/hosts'"), std::string::npos)
      << explanation.reason;
  const std::string text = explanation_text(explanation, false);
  EXPECT_NE(text.find("list password_hash_files"), std::string::npos) << text;
  EXPECT_NE(text.find("macro opened_for_reading"), std::string::npos) << text;
  const auto json = nlohmann::json::parse(explanation_json(explanation));
  EXPECT_EQ(json["is_match"], false);
  EXPECT_NE(explanation_html({&explanation, 1}).find("</html>"), std::string::npos);
}

}  // namespace
}  // namespace saker::kit
