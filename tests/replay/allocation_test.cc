// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Events that match nothing allocate nothing once tables and buffers have grown: the capture's
// first part warms up, the rest is counted. A reused buffer may still meet a text longer than all
// before.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "compat/scap/scap_source.h"
#include "engine/ruleset/matcher.h"
#include "engine/state/state.h"
#include "rules/loader/load_rules.h"
#include "tests/support/allocation_counter.h"
#include "tests/support/shared_data.h"

namespace saker::testing {
namespace {

constexpr std::uint64_t kWarmUpEvents = 700'000;
constexpr std::uint64_t kEventsPerGrownBuffer = 20'000;

std::shared_ptr<const RuleSet> official_rules(const std::filesystem::path& folder) {
  std::vector<RuleFile> files;
  for (const char* name :
       {"falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"}) {
    std::ifstream file(folder / name);
    files.push_back(
        {name, {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()}});
  }
  return load_rules(files, {}, std::make_shared<const FieldCatalogue>()).rules;
}

struct Counts {
  std::uint64_t events = 0;       // after the warm-up
  std::uint64_t allocations = 0;  // by those that matched nothing
};

Result<Counts> replay(const std::string& capture, const std::shared_ptr<const RuleSet>& rules) {
  Counters counters;
  SAKER_ASSIGN_OR_RETURN(const auto source, scap::ScapSource::open(capture, counters));
  State state({}, counters);
  Matcher matcher(rules, RuleMatching::kAll);
  EventView event;
  Arena arena;
  Batch batch;
  std::uint64_t number = 0;
  Counts counts;
  for (SourceStatus status = SourceStatus::kEvents; status != SourceStatus::kEnd;) {
    batch = Batch{};
    SAKER_ASSIGN_OR_RETURN(status, source->next(batch));
    if (batch.snapshot != nullptr) {
      state.reset(*batch.snapshot);
    }
    for (const RawEvent& raw : batch.events) {
      ++number;
      const AllocationCounter allocations;
      if (event.parse(raw.bytes) != EventFault::kNone) {
        continue;
      }
      const FieldContext context{.event = event,
                                 .applied = state.apply(event),
                                 .state = state,
                                 .arena = arena,
                                 .number = number};
      const bool is_match = !matcher.match(context).empty();
      arena.clear();
      state.retire(event);
      if (number > kWarmUpEvents && !is_match) {
        ++counts.events;
        counts.allocations += allocations.count();
      }
    }
  }
  return counts;
}

TEST(Allocations, NoneForEventsThatMatchNothing) {
  if (shared_dir().empty()) {
    GTEST_SKIP() << kNoSharedData;
  }
  const auto rules = official_rules(shared_dir() / "data" / "rules");
  ASSERT_NE(rules, nullptr);
  const auto counts = replay(shared_dir() / "data" / "bench.scap", rules);
  ASSERT_TRUE(counts.has_value()) << counts.error().message;
  std::cout << counts->allocations << " allocations by " << counts->events << " events\n";
  EXPECT_GT(counts->events, 300'000U);
  EXPECT_LE(counts->allocations, counts->events / kEventsPerGrownBuffer);
}

}  // namespace
}  // namespace saker::testing
