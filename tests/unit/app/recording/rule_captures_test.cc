// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// How many files the matches of rules make.
#include "app/recording/rule_captures.h"

#include <filesystem>

#include "engine/lang/parser.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::app {
namespace {

using testing::EventBuilder;
using testing::kSecond;
using testing::kShell;

constexpr std::uint64_t kMs = 1'000'000;

class Captures : public testing::StateFixture {
protected:
  Captures() {
    RuleSetBuilder builder(fields_);
    for (const char* name : {"A", "B"}) {
      const auto tree = parse_condition("evt.num >= 0", SourceId::kNone, kMaxRuleDepth);
      Rule rule;
      rule.name = name;
      rule.has_capture = true;
      EXPECT_TRUE(builder.add(std::move(rule), **tree).has_value());
    }
    rules_ = std::move(builder).build();
  }

  void start(RuleCaptureOptions options) {
    options.path_prefix = folder_.file("c");
    options.is_replay = true;
    captures_.emplace(options, [](const CaptureReport& file) {
      EXPECT_TRUE(file.status) << file.status.error().message;
    });
  }

  // An event that these rules match.
  void happen(std::uint64_t ts_ns, std::vector<RuleId> matches) {
    EventBuilder builder(EventType::kSyscallCloseX);
    builder.tid(kShell).ts(ts_ns);
    const Applied& applied = apply(builder);
    const FieldContext context{
        .event = view(), .applied = applied, .state = state, .arena = arena_, .number = ++number_};
    RawEvent raw;
    raw.bytes = builder.record();
    EXPECT_TRUE(captures_->on_event({.raw = raw,
                                     .context = context,
                                     .has_reached_rules = true,
                                     .rules = *rules_,
                                     .matches = matches}));
  }

  [[nodiscard]] std::size_t file_count() const {
    const std::filesystem::directory_iterator files(folder_.path());
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

  static constexpr RuleId kA{0};
  static constexpr RuleId kB{1};
  testing::TempDir folder_;
  std::shared_ptr<const FieldCatalogue> fields_ = std::make_shared<FieldCatalogue>();
  std::shared_ptr<const RuleSet> rules_;
  std::optional<RuleCaptures> captures_;
  Arena arena_;
  std::uint64_t number_ = 0;
};

TEST_F(Captures, AFloodMakesOneFilePerDuration) {
  start({.default_duration_ns = kSecond, .max_events = 1});
  for (std::uint64_t i = 0; i < 1000; ++i) {
    happen(kSecond + i * 5 * kMs, {kA});  // over five seconds
  }
  EXPECT_EQ(file_count(), 5U);
}

TEST_F(Captures, AFloodOfOneRuleKeepsNoOtherRuleFromItsFile) {
  start({.default_duration_ns = kSecond, .max_events = 1});
  happen(kSecond, {kA});
  happen(kSecond + kMs, {kB});
  happen(kSecond + 2 * kMs, {kA, kB});
  EXPECT_EQ(file_count(), 2U);
}

// However short the duration.
TEST_F(Captures, FilesOfOneRuleHaveAnInterval) {
  start({.default_duration_ns = kMs, .min_interval_ns = kSecond});
  for (std::uint64_t i = 0; i < 1000; ++i) {
    happen(kSecond + i * 5 * kMs, {kA});
    happen(kSecond + i * 5 * kMs + 2 * kMs, {});  // ends the file
  }
  EXPECT_EQ(file_count(), 5U);
}

TEST_F(Captures, WithoutABoundEachMatchAfterTheTimeBeginsAFile) {
  start({.default_duration_ns = kMs});
  for (std::uint64_t i = 0; i < 10; ++i) {
    happen(kSecond + i * 5 * kMs, {kA});
    happen(kSecond + i * 5 * kMs + 2 * kMs, {});
  }
  EXPECT_EQ(file_count(), 10U);
}

TEST_F(Captures, LateMatchesCountAsTheirRules) {
  start({.default_duration_ns = kSecond, .max_events = 1});
  for (std::uint64_t i = 0; i < 10; ++i) {
    captures_->on_late_match(rules_->rule(kA));
    happen(kSecond + i * kMs, {});
  }
  EXPECT_EQ(file_count(), 1U);
  captures_->on_late_match(rules_->rule(kB));
  happen(kSecond + 20 * kMs, {});
  EXPECT_EQ(file_count(), 2U);
}

}  // namespace
}  // namespace saker::app
