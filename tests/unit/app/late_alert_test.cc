// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// An alert that waits for its container while the rules are exchanged: it is delivered, and counted
// for the rules that it belongs to, in the summary as in the metrics.
#include <array>
#include <functional>

#include "app/engine_loop.h"
#include "engine/lang/parser.h"
#include "engine/ruleset/output_template.h"
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::app {
namespace {

using containers::Inspected;
using testing::EventBuilder;
using testing::kShell;

constexpr const char* kId = "3ad7b26ded6d8e7b23da7d48fe889434573036c27ae5a74837233de441c3601e";

// Answers when it is allowed to.
class SlowRuntime final : public containers::RuntimeClient {
public:
  SlowRuntime(const std::atomic<bool>& may_answer, const std::atomic<bool>& stop)
      : may_answer_(may_answer), stop_(stop) {}
  Inspected inspect(const std::string& /*id*/,
                    std::chrono::steady_clock::time_point /*deadline*/) override {
    while (!may_answer_ && !stop_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return ContainerInfo{.name = "web"};
  }
  [[nodiscard]] containers::RuntimeKind kind() const override {
    return containers::RuntimeKind::kDocker;
  }

private:
  const std::atomic<bool>& may_answer_;
  const std::atomic<bool>& stop_;
};

// A batch with an event of the container, then empty ones; asks `step` before each.
class OneEvent final : public EventSource {
public:
  explicit OneEvent(std::function<SourceStatus(int call)> step) : step_(std::move(step)) {
    snapshot_ = testing::small_system();
    snapshot_.threads[1].cgroups = testing::pieces({"cpuset=/docker/" + std::string(kId)});
    event_ = {.bytes = builder_.record()};
  }

  Result<SourceStatus> next(Batch& batch) override {
    batch = Batch{};
    if (calls_ == 0) {
      batch.snapshot = &snapshot_;
      batch.events = {&event_, 1};
    }
    return step_(calls_++);
  }

private:
  std::function<SourceStatus(int call)> step_;
  Snapshot snapshot_;
  EventBuilder builder_ =
      EventBuilder(EventType::kSyscallOpenX).tid(kShell).with("fd", 5).with("name", "/etc/shadow");
  RawEvent event_;
  int calls_ = 0;
};

std::shared_ptr<const RuleSet> rules_named(const std::string& name) {
  const auto fields = std::make_shared<FieldCatalogue>();
  RuleSetBuilder builder(fields);
  const auto tree =
      parse_condition("evt.type = open and container.name = web", SourceId::kNone, kMaxRuleDepth);
  Rule rule;
  rule.name = name;
  rule.output = *compile_output("%fd.name", SourceId::kNone, *fields);
  EXPECT_TRUE(builder.add(std::move(rule), **tree).has_value());
  return std::move(builder).build();
}

std::uint64_t matches_of(const std::vector<metrics::RuleCounts>& counts, std::string_view name) {
  for (const metrics::RuleCounts& rule : counts) {
    if (rule.name == name) {
      return rule.matches;
    }
  }
  return 0;
}

TEST(LateAlert, CountsForTheRulesOfItsTime) {
  Counters counters;
  State state(StateLimits{}, counters);
  Outputs outputs;
  Log log{{.to_stderr = false}};
  const config::Config config;
  SourceMonitor monitor(config, {}, outputs, log);
  std::atomic<bool> may_answer{false};
  ContainerWatch watch(
      {.runtimes = {.max_tries = 1}, .cache = {}, .wait_ns = 60'000'000'000}, counters, state,
      [](const std::string&) {},
      [&](const std::atomic<bool>& stop) {
        std::vector<std::unique_ptr<containers::RuntimeClient>> clients;
        clients.push_back(std::make_unique<SlowRuntime>(may_answer, stop));
        return clients;
      });
  FiguresBoard board;
  std::atomic<int> raised{0};
  EngineLoop loop(state, rules_named("Old"), outputs, monitor, counters,
                  {.containers = &watch,
                   .raise = [&](std::uint64_t, OutputMessage) { ++raised; },
                   .figures = &board});
  int after = 0;
  constexpr int kMaxCalls = 10'000;  // of a millisecond
  OneEvent source([&](int call) {
    if (call == 1) {
      loop.exchange({rules_named("New"), std::make_shared<config::Config>()});
    } else if (call == 3) {
      EXPECT_FALSE(loop.has_new_rules());
      EXPECT_EQ(raised, 0) << "its container is not known yet";
      may_answer = true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    static_cast<void>(board.get(std::chrono::milliseconds(0)));
    after += raised > 0 ? 1 : 0;
    // Once more after the alert, so that the loop publishes its numbers.
    return after > 1 || call > kMaxCalls ? SourceStatus::kEnd : SourceStatus::kEvents;
  });
  const std::atomic<bool> stop{false};
  ASSERT_TRUE(loop.run(source, stop));
  EXPECT_EQ(raised, 1);
  const auto counts = board.get(std::chrono::milliseconds(0)).rule_counts();
  EXPECT_EQ(matches_of(counts, "Old"), 1U);
  EXPECT_EQ(matches_of(counts, "New"), 0U);
  EXPECT_NE(loop.totals().summary().find("   Old: 1\n"), std::string::npos)
      << loop.totals().summary();
}

// -M of a live source counts time as it passes here: the times of events may be far from the wall
// clock's, and that may be set.
TEST(Duration, IsMeasuredWithoutTheWallClock) {
  for (const bool is_short : {false, true}) {
    Counters counters;
    State state(StateLimits{}, counters);
    Outputs outputs;
    Log log{{.to_stderr = false}};
    const config::Config config;
    SourceMonitor monitor(config, {}, outputs, log);
    EngineLoop loop(state, rules_named("Old"), outputs, monitor, counters,
                    {.duration_ns = is_short ? 1'000'000U : 3'600'000'000'000U});
    int calls = 0;
    constexpr int kMaxCalls = 50;  // of a millisecond
    OneEvent source([&](int call) {
      calls = call;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return call == kMaxCalls ? SourceStatus::kEnd : SourceStatus::kTimeout;
    });
    const std::atomic<bool> stop{false};
    ASSERT_TRUE(loop.run(source, stop));
    if (is_short) {
      EXPECT_LT(calls, kMaxCalls);
    } else {
      EXPECT_EQ(calls, kMaxCalls) << "the event is from another year";
    }
  }
}

}  // namespace
}  // namespace saker::app
