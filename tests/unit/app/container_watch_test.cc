// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Alerts of containers whose metadata comes late, or never.
#include "app/container_watch.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/alert/render_json.h"
#include "engine/alert/render_text.h"
#include "engine/lang/parser.h"
#include "engine/ruleset/matcher.h"
#include "engine/ruleset/output_template.h"
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::app {
namespace {

using containers::ContainerState;
using containers::Inspected;
using containers::LookupFault;
using testing::EventBuilder;
using testing::kServer;
using testing::kShell;

constexpr const char* kId = "3ad7b26ded6d8e7b23da7d48fe889434573036c27ae5a74837233de441c3601e";
constexpr std::chrono::seconds kDeadline{10};

// Holds its answer back until it is told to give it.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Inspected> answer;

  void give(Inspected inspected) {
    const std::lock_guard lock(mutex);
    answer = std::move(inspected);
    changed.notify_all();
  }
};

class GatedRuntime final : public containers::RuntimeClient {
public:
  GatedRuntime(Gate& gate, const std::atomic<bool>& stop) : gate_(gate), stop_(stop) {}
  Inspected inspect(const std::string& /*id*/,
                    std::chrono::steady_clock::time_point /*deadline*/) override {
    std::unique_lock lock(gate_.mutex);
    while (!gate_.answer && !stop_) {
      gate_.changed.wait_for(lock, std::chrono::milliseconds(1));
    }
    return gate_.answer ? *gate_.answer : tl::unexpected(LookupFault::kStopped);
  }
  [[nodiscard]] containers::RuntimeKind kind() const override {
    return containers::RuntimeKind::kDocker;
  }

private:
  Gate& gate_;
  const std::atomic<bool>& stop_;
};

class Watch : public testing::StateFixture {
protected:
  Watch() {
    Snapshot snapshot = testing::small_system();
    snapshot.threads[1].cgroups = testing::pieces({"cpuset=/docker/" + std::string(kId)});
    state.reset(snapshot);
    load("evt.type = open and container.name = web", "%fd.name in %container.name");
  }

  void load(const std::string& condition, const std::string& output) {
    RuleSetBuilder builder(fields_);
    const auto tree = parse_condition(condition, SourceId::kNone, kMaxRuleDepth);
    Rule rule;
    rule.name = "rule";
    rule.output = *compile_output(output, SourceId::kNone, *fields_);
    ASSERT_TRUE(builder.add(std::move(rule), **tree).has_value());
    rules_ = std::move(builder).build();
    matcher_.emplace(rules_, RuleMatching::kFirst);
  }

  void start(std::uint64_t wait_ns = 60'000'000'000, std::size_t max_waiting = 2) {
    watch_.emplace(
        WatchOptions{.runtimes = {.max_tries = 1},
                     .cache = {},
                     .wait_ns = wait_ns,
                     .max_waiting_events = max_waiting},
        counters, state, [this](const std::string& text) { warnings.push_back(text); },
        [this](const std::atomic<bool>& stop) {
          std::vector<std::unique_ptr<containers::RuntimeClient>> clients;
          clients.push_back(std::make_unique<GatedRuntime>(gate, stop));
          return clients;
        });
  }

  // An event of the container that the rule looks at.
  void happen(const char* name) {
    const Applied& applied =
        apply(EventBuilder(EventType::kSyscallOpenX).tid(kShell).with("fd", 5).with("name", name));
    const FieldContext context{.event = view(),
                               .applied = applied,
                               .state = state,
                               .arena = arena_,
                               .containers = &watch_->metadata()};
    ASSERT_EQ(watch_->note(applied.thread), ContainerState::kPending);
    watch_->add(matcher_->match_without_metadata(context), context, deliver_);
    arena_.clear();
    apply(EventBuilder(EventType::kSyscallCloseX).tid(kShell).with("fd", 5));
  }

  // Settles until `count` alerts have come.
  void settle(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (lines.size() < count && std::chrono::steady_clock::now() < deadline) {
      watch_->settle(deliver_);
      std::this_thread::yield();
    }
    ASSERT_EQ(lines.size(), count);
  }

  static Inspected known(const char* name) { return ContainerInfo{.name = name}; }

  Gate gate;
  std::vector<std::string> lines;
  std::vector<std::string> warnings;
  std::optional<ContainerWatch> watch_;
  ContainerWatch::Deliver deliver_ = [this](const std::shared_ptr<const RuleSet>&, RuleId,
                                            const Alert& alert) {
    lines.emplace_back();
    render_message(lines.back(), alert, {});
  };

private:
  std::shared_ptr<const FieldCatalogue> fields_ = std::make_shared<FieldCatalogue>();
  std::shared_ptr<const RuleSet> rules_;
  std::optional<Matcher> matcher_;
  Arena arena_;
};

TEST_F(Watch, AlertsWaitForTheMetadata) {
  start();
  happen("/a");
  happen("/b");
  watch_->settle(deliver_);
  EXPECT_TRUE(lines.empty());
  gate.give(known("web"));
  settle(2);
  EXPECT_EQ(lines, (std::vector<std::string>{"/a in web", "/b in web"}));
  EXPECT_EQ(watch_->note(&thread(kShell)), ContainerState::kKnown);
  EXPECT_EQ(counters.get(Counter::kEventsWaited), 2U);
  EXPECT_EQ(counters.get(Counter::kEventsWaitedInVain), 0U);
}

TEST_F(Watch, TheMetadataDecides) {
  start();
  happen("/a");
  gate.give(known("db"));
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (watch_->note(&thread(kShell)) == ContainerState::kPending &&
         std::chrono::steady_clock::now() < deadline) {
    watch_->settle(deliver_);
  }
  EXPECT_TRUE(lines.empty());
}

TEST_F(Watch, AfterTheTimeAlertsGoOutMarked) {
  load("evt.type = open and not container.name = web", "%fd.name in %container.name");
  start(1'000'000);
  happen("/a");
  settle(1);
  EXPECT_EQ(lines[0], "/a in <NA> saker.container_pending=true");
  EXPECT_EQ(counters.get(Counter::kEventsWaitedInVain), 1U);
}

TEST_F(Watch, AtTheEndAlertsGoOutMarked) {
  load("evt.type = open", "%fd.name in %container.name");
  start();
  happen("/a");
  watch_->give_up(deliver_);
  EXPECT_EQ(lines, std::vector<std::string>{"/a in <NA> saker.container_pending=true"});
}

TEST_F(Watch, TooManyWaiting) {
  load("evt.type = open", "%fd.name in %container.name");
  start(60'000'000'000, 1);
  happen("/a");
  happen("/b");
  EXPECT_EQ(lines, std::vector<std::string>{"/b in <NA> saker.container_pending=true"});
  EXPECT_EQ(counters.get(Counter::kEventsWaitingFull), 1U);
  gate.give(known("web"));
  settle(2);
  EXPECT_EQ(lines[1], "/a in web");
}

TEST_F(Watch, AlertsThatNeedNothingDoNotWait) {
  load("evt.type = open and container.id != host", "%fd.name in %container.id");
  start();
  happen("/a");
  EXPECT_EQ(lines, std::vector<std::string>{"/a in 3ad7b26ded6d"});
  EXPECT_EQ(counters.get(Counter::kEventsWaited), 0U);
}

TEST_F(Watch, WithoutARuntimeAlertsAreAsFalcosAre) {
  load("evt.type = open", "%fd.name in %container.name");
  start();
  happen("/a");
  gate.give(tl::unexpected(LookupFault::kNoRuntime));
  settle(1);
  EXPECT_EQ(lines[0], "/a in <NA>");
  EXPECT_EQ(warnings.size(), 1U);
  EXPECT_EQ(watch_->note(&thread(kShell)), ContainerState::kUnknown);
}

TEST_F(Watch, ABrokenRuntimeMarksAlerts) {
  load("evt.type = open", "%fd.name in %container.name");
  start();
  happen("/a");
  gate.give(tl::unexpected(LookupFault::kUnavailable));
  settle(1);
  EXPECT_EQ(lines[0], "/a in <NA> saker.container_pending=true");
  EXPECT_EQ(warnings.size(), 1U);
  EXPECT_EQ(watch_->note(&thread(kShell)), ContainerState::kUnavailable);
}

TEST_F(Watch, TheHostHasNoContainer) {
  start();
  EXPECT_EQ(watch_->note(&thread(kServer)), ContainerState::kHost);
  EXPECT_EQ(watch_->note(nullptr), ContainerState::kHost);
}

TEST_F(Watch, AsksForTheContainersOfTheSnapshot) {
  start();
  Snapshot snapshot = testing::small_system();
  snapshot.threads[1].cgroups = testing::pieces({"cpuset=/docker/" + std::string(kId)});
  watch_->note_all(snapshot);
  EXPECT_EQ(counters.get(Counter::kContainerLookups), 1U);
}

TEST_F(Watch, TheMarkIsAKeyOfTheOutputFields) {
  load("evt.type = open", "%fd.name in %container.name");
  start();
  deliver_ = [this](const std::shared_ptr<const RuleSet>&, RuleId, const Alert& alert) {
    lines.emplace_back();
    render_json(lines.back(), alert, {.include_output = false});
  };
  happen("/a");
  watch_->give_up(deliver_);
  EXPECT_NE(lines.at(0).find(R"("fd.name":"/a","saker.container_pending":true)"), std::string::npos)
      << lines[0];
}

}  // namespace
}  // namespace saker::app
