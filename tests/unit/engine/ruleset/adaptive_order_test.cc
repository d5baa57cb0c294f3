// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/adaptive_order.h"

#include <gtest/gtest.h>

#include "engine/lang/parser.h"
#include "engine/ruleset/ruleset.h"

namespace saker {
namespace {

std::shared_ptr<const RuleSet> compile(const char* condition) {
  RuleSetBuilder builder(std::make_shared<const FieldCatalogue>());
  const auto tree = parse_condition(condition, SourceId::kNone, kMaxRuleDepth);
  EXPECT_TRUE(tree.has_value() && builder.add(Rule{}, **tree).has_value()) << condition;
  return std::move(builder).build();
}

// Text of the check that the only rule of the type asks first.
std::string first_check(const RuleSet& rules, AdaptiveOrder& order) {
  const TypePlan& plan = rules.program().of_type(EventType::kSyscallReadX);
  const AdaptiveOrder::Start start =
      order.start_of(rules.program().programs()[plan.programs.front()], 0);
  return rules.program().predicates().get(start.steps[start.at].predicate).text;
}

TEST(AdaptiveOrder, PutsFirstWhatTurnsOutToDecide) {
  const auto rules = compile("evt.type = read and fd.num = 3 and fd.type = file");
  AdaptiveOrder order(rules->program(), 3);
  EXPECT_EQ(first_check(*rules, order), "fd.num = 3");
  std::vector<PredicateTally> tallies(rules->program().predicates().size());
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    const bool is_number =
        rules->program().predicates().get(PredicateId{static_cast<std::uint32_t>(i)}).text ==
        "fd.num = 3";
    for (int n = 0; n < 10'000; ++n) {
      tallies[i].add(is_number);
    }
  }
  // Asked too seldom to be worth it.
  order.adapt(tallies);
  EXPECT_EQ(first_check(*rules, order), "fd.num = 3");
  for (std::uint32_t n = 0; n < AdaptiveOrder::kMinAsked; ++n) {
    EXPECT_EQ(first_check(*rules, order), "fd.num = 3");
  }
  order.adapt(tallies);
  EXPECT_EQ(first_check(*rules, order), "fd.type = file");
}

TEST(AdaptiveOrder, HasFewRoundsAtGrowingDistances) {
  const auto rules = compile("evt.type = read and fd.num = 3");
  AdaptiveOrder order(rules->program(), 10);
  const std::vector<PredicateTally> tallies(rules->program().predicates().size());
  std::vector<int> rounds;
  for (int event = 1; event < 100'000; ++event) {
    if (order.note_event()) {
      order.adapt(tallies);
      rounds.push_back(event);
    }
  }
  EXPECT_EQ(rounds, (std::vector<int>{10, 40, 160, 640, 2560, 10'240}));
  AdaptiveOrder never(rules->program(), 0);
  for (int event = 1; event < 1000; ++event) {
    EXPECT_FALSE(never.note_event());
  }
}

}  // namespace
}  // namespace saker
