// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/plan_text.h"

#include <gtest/gtest.h>

#include "engine/lang/parser.h"

namespace saker {
namespace {

std::shared_ptr<const RuleSet> compile(const std::vector<const char*>& conditions) {
  RuleSetBuilder builder(std::make_shared<const FieldCatalogue>());
  int number = 0;
  for (const char* condition : conditions) {
    const auto tree = parse_condition(condition, SourceId::kNone, kMaxRuleDepth);
    Rule rule;
    rule.name = "R" + std::to_string(number++);
    EXPECT_TRUE(tree.has_value() && builder.add(std::move(rule), **tree).has_value()) << condition;
  }
  return std::move(builder).build();
}

// Plans of the types that some rule can match.
std::string plans(const std::vector<const char*>& conditions, EventType type) {
  const auto rules = compile(conditions);
  for (const std::vector<EventType>& types : types_by_program(*rules)) {
    if (std::ranges::find(types, type) != types.end()) {
      return plan_text(*rules, types);
    }
  }
  return "none";
}

TEST(PlanText, WhatTheTypeDecidesIsGone) {
  EXPECT_EQ(plans({"evt.type = mkdir and proc.name = sh", "evt.type = rmdir"},
                  EventType::kSyscallMkdirV2X),
            "events: mkdir\n"
            "1 rule, cost 1.5 if all were asked\n"
            "index: none, every rule is asked\n"
            "rule \"R0\", cost 1.5\n"
            "  0: proc.name = sh ? match : no  (kept per process)\n");
  EXPECT_EQ(plans({"evt.type = mkdir and proc.name = sh", "evt.type = rmdir"},
                  EventType::kSyscallRmdirV2X),
            "events: rmdir\n"
            "1 rule, cost 0.0 if all were asked\n"
            "index: none, every rule is asked\n"
            "rule \"R1\", cost 0.0\n"
            "  always matches\n");
}

TEST(PlanText, TypesWithoutRulesHaveNone) {
  EXPECT_EQ(plans({"evt.type = mkdir and proc.name = sh"}, EventType::kSyscallOpenX), "none");
}

TEST(PlanText, CheapPartsComeFirst) {
  EXPECT_EQ(
      plans({"evt.type = read and proc.aname contains x and fd.num = 3"}, EventType::kSyscallReadX),
      "events: read\n"
      "1 rule, cost 2.7 if all were asked\n"
      "index: none, every rule is asked\n"
      "rule \"R0\", cost 2.7\n"
      "  0: fd.num = 3 ? 1 : no\n"
      "  1: proc.aname contains x ? match : no  (kept per process)\n");
}

TEST(PlanText, ManyConstantsAreLookedUpAndCheapChecksSplit) {
  const std::string plan =
      plans({"evt.type = open and evt.is_open_write = true and fd.name = /a1",
             "evt.type = open and evt.is_open_write = true and fd.name = /a2",
             "evt.type = open and evt.is_open_write = true and fd.name = /a3",
             "evt.type = open and evt.is_open_write = true and proc.name = nginx",
             "evt.type = open and evt.is_open_write = true and fd.sip = 1.2.3.4",
             "evt.type = open and evt.is_open_write = true and fd.name endswith .x",
             "evt.type = open and fd.name contains /tmp/"},
            EventType::kSyscallOpenX);
  ASSERT_NE(plan.find("rule \"R6\""), std::string::npos) << plan;
  EXPECT_EQ(plan.substr(0, plan.find("rule \"R6\"")),
            "events: open\n"
            "when not evt.is_open_write = true\n"
            "1 rule, cost 11.0 if all were asked\n"
            "index: none, every rule is asked\n");
  const std::size_t second = plan.find("when evt.is_open_write");
  ASSERT_NE(second, std::string::npos) << plan;
  const std::string part = plan.substr(second);
  EXPECT_EQ(part.substr(0, part.find("rule \"R0\"")),
            "when evt.is_open_write = true\n"
            "7 rules, cost 34.5 if all were asked\n"
            "index:\n"
            "  proc.name: 1 text (kept per process)\n"
            "  fd.name: 3 texts, 1 suffix, 1 substring\n"
            "  fd.sip: 1 address\n");
}

}  // namespace
}  // namespace saker
