// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A match that is closed when the metadata has arrived gives what a match with the metadata gives.
#include "engine/ruleset/open_match.h"

#include <random>

#include "engine/lang/parser.h"
#include "tests/unit/engine/field/field_fixture.h"

namespace saker::testing {
namespace {

constexpr const char* kId = "3ad7b26ded6d8e7b23da7d48fe889434573036c27ae5a74837233de441c3601e";

class Runtime : public ContainerMetadata {
public:
  [[nodiscard]] const ContainerInfo* find(std::string_view full_id) const override {
    return is_known && full_id == kId ? &info : nullptr;
  }
  [[nodiscard]] std::uint64_t generation() const override { return is_known ? 2 : 1; }
  ContainerInfo info{.name = "web", .image_repository = "nginx", .labels = {{"tier", "front"}}};
  bool is_known = false;
};

class OpenMatchTest : public StateFixture {
protected:
  OpenMatchTest() {
    Snapshot snapshot = small_system();
    snapshot.threads[1].cgroups = pieces({"cpuset=/docker/" + std::string(kId)});
    state.reset(snapshot);
  }

  void load(const std::vector<std::string>& conditions, RuleMatching matching) {
    RuleSetBuilder builder(fields_);
    for (const std::string& text : conditions) {
      const auto tree = parse_condition(text, SourceId::kNone, kMaxRuleDepth);
      ASSERT_TRUE(tree.has_value()) << text;
      Rule rule;
      rule.name = text;
      ASSERT_TRUE(builder.add(std::move(rule), **tree).has_value()) << text;
    }
    rules_ = std::move(builder).build();
    matcher_.emplace(rules_, matching);
  }

  FieldContext context(const Applied& applied) {
    return {.event = view(),
            .applied = applied,
            .state = state,
            .arena = arena_,
            .containers = &runtime_};
  }

  // Matches the event without metadata, lets other events follow, and closes the match.
  std::vector<RuleId> match_late(EventBuilder event) {
    runtime_.is_known = false;
    open_ = matcher_->match_without_metadata(context(apply(std::move(event))));
    apply(EventBuilder(kSyscallCloseX).tid(kServer).with("fd", 0));
    Thread thread;
    Pool<Cgroups> pool;
    thread.cgroups = pool.make();
    thread.cgroups->container_id = kId;
    runtime_.is_known = true;
    const Applied applied{.thread = &thread};
    const auto matched = close_match(open_, context(applied));
    thread.cgroups.reset();
    return matched;
  }

  std::vector<RuleId> match_at_once(EventBuilder event) {
    runtime_.is_known = true;
    const auto matched = matcher_->match(context(apply(std::move(event))));
    return {matched.begin(), matched.end()};
  }

  [[nodiscard]] static EventBuilder opening(int flags) {
    return EventBuilder(kSyscallOpenX)
        .tid(kShell)
        .with("fd", 5)
        .with("name", "/etc/x")
        .with("flags", flags);
  }

  std::shared_ptr<const FieldCatalogue> fields_ = std::make_shared<FieldCatalogue>();
  std::shared_ptr<const RuleSet> rules_;
  std::optional<Matcher> matcher_;
  Runtime runtime_;
  OpenMatch open_;
  Arena arena_;
};

TEST_F(OpenMatchTest, KeepsOnlyWhatDependsOnMetadata) {
  load({"evt.type = open and fd.name = /etc/y and container.name = web",
        "evt.type = open and fd.name = /etc/x and container.name = web",
        "evt.type = open and container.id != host and fd.name = /etc/x",
        "evt.type = open and (container.name = web or fd.name = /etc/x)"},
       RuleMatching::kAll);
  const auto matched = match_late(opening(1));
  EXPECT_EQ(matched, (std::vector{RuleId{1}, RuleId{2}, RuleId{3}}));
  ASSERT_EQ(open_.candidates.size(), 3U);
  EXPECT_EQ(open_.steps.size(), 1U);  // container.name = web of the second rule
  EXPECT_NE(open_.candidates[0].start, kAccept);
  EXPECT_EQ(open_.candidates[1].start, kAccept);
  EXPECT_EQ(open_.candidates[2].start, kAccept);
  EXPECT_FALSE(open_.is_decided());
}

TEST_F(OpenMatchTest, TheFirstRuleWinsAlsoWhenItIsDecidedLate) {
  load({"evt.type = open and container.name = web", "evt.type = open and fd.name = /etc/x",
        "evt.type = open and fd.name = /etc/x"},
       RuleMatching::kFirst);
  EXPECT_EQ(match_late(opening(1)), std::vector{RuleId{0}});
  EXPECT_EQ(open_.candidates.size(), 2U);  // nothing after a rule that matches in any case
  runtime_.info.name = "other";
  EXPECT_EQ(match_late(opening(1)), std::vector{RuleId{1}});
}

TEST_F(OpenMatchTest, CountsWhenTold) {
  load({"evt.type = open and container.name = web"}, RuleMatching::kFirst);
  static_cast<void>(match_late(opening(1)));
  EXPECT_EQ(matcher_->match_counts()[0], 0U);
  matcher_->count(RuleId{0});
  EXPECT_EQ(matcher_->match_counts()[0], 1U);
}

TEST_F(OpenMatchTest, AgreesWithAMatchAtOnce) {
  constexpr const char* kChecks[] = {
      "container.name = web",
      "container.name = db",
      "container.image.repository in (nginx, redis)",
      "container.image.repository startswith ngi",
      "container.label[tier] = front",
      "container.label[none] exists",
      "container.privileged = true",
      "toupper(container.name) = WEB",
      "container.id = host",
      "fd.name = /etc/x",
      "fd.name startswith /var",
      "evt.is_open_read = true",
      "evt.is_open_write = true",
      "proc.name = bash",
      "container.full_id = container.full_id",
      "container.name = proc.name",
  };
  std::mt19937 random(20261121);
  const auto below = [&](std::size_t bound) { return random() % bound; };
  const std::function<std::string(int)> condition = [&](int depth) -> std::string {
    if (depth == 0 || below(4) == 0) {
      return kChecks[below(std::size(kChecks) - 1)];
    }
    if (below(4) == 0) {
      return "not (" + condition(depth - 1) + ")";
    }
    return "(" + condition(depth - 1) + (below(2) == 0 ? " and " : " or ") + condition(depth - 1) +
           ")";
  };
  for (const RuleMatching matching : {RuleMatching::kAll, RuleMatching::kFirst}) {
    for (int round = 0; round < 40; ++round) {
      std::vector<std::string> conditions;
      for (int i = 0; i < 20; ++i) {
        conditions.push_back("evt.type = open and " + condition(4));
      }
      load(conditions, matching);
      for (const int flags : {1, 2, 3}) {
        const auto late = match_late(opening(flags));
        EXPECT_EQ(late, match_at_once(opening(flags))) << "round " << round;
      }
    }
  }
}

}  // namespace
}  // namespace saker::testing
