// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// From a record in memory to the rules that match: decoding, state, matching, over a recorded
// capture. Before it is timed, the engine's answer is compared with that of an engine that keeps
// nothing of a process.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "compat/scap/scap_source.h"
#include "engine/ruleset/matcher.h"
#include "engine/state/state.h"
#include "rules/loader/load_rules.h"
#include "tests/support/shared_data.h"

namespace saker {
namespace {

struct Recording {
  Snapshot snapshot;
  std::vector<std::vector<std::byte>> events;
};

const Recording& recording() {
  static const Recording loaded = [] {
    Recording result;
    Counters counters;
    auto source = scap::ScapSource::open(testing::shared_dir() / "data" / "attack.scap", counters);
    if (!source) {
      return result;
    }
    for (Batch batch;; batch = Batch{}) {
      const auto status = (*source)->next(batch);
      if (batch.snapshot != nullptr) {
        result.snapshot = *batch.snapshot;
      }
      for (const RawEvent& event : batch.events) {
        result.events.emplace_back(event.bytes.begin(), event.bytes.end());
      }
      if (!status || *status == SourceStatus::kEnd) {
        return result;
      }
    }
  }();
  return loaded;
}

std::vector<RuleFile> official_files() {
  std::vector<RuleFile> files;
  for (const char* name :
       {"falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"}) {
    std::ifstream in(testing::shared_dir() / "data" / "rules" / name, std::ios::binary);
    files.push_back({name, std::string(std::istreambuf_iterator<char>(in), {})});
  }
  return files;
}

enum class Work : std::uint8_t { kDecode, kState, kMatch };

// One pass; returns the number of matches.
std::uint64_t pass(Work work, Matcher* matcher) {
  Counters counters;
  State state({}, counters);
  state.reset(recording().snapshot);
  EventView event;
  Arena arena;
  std::uint64_t number = 0;
  std::uint64_t matches = 0;
  for (const std::vector<std::byte>& bytes : recording().events) {
    ++number;
    if (event.parse(bytes) != EventFault::kNone || work == Work::kDecode) {
      continue;
    }
    const Applied& applied = state.apply(event);
    if (matcher != nullptr) {
      const FieldContext context{
          .event = event, .applied = applied, .state = state, .arena = arena, .number = number};
      matches += matcher->match(context).size();
      arena.clear();
    }
    state.retire(event);
  }
  return matches;
}

void time_passes(benchmark::State& state, Work work, Matcher* matcher) {
  if (recording().events.empty()) {
    state.SkipWithError("no reference data (SAKER_SHARED_DIR)");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(pass(work, matcher));
  }
  state.SetItemsProcessed(
      static_cast<std::int64_t>(state.iterations() * recording().events.size()));
}

void decode(benchmark::State& state) {
  time_passes(state, Work::kDecode, nullptr);
}

void decode_and_state(benchmark::State& state) {
  time_passes(state, Work::kState, nullptr);
}

std::shared_ptr<const RuleSet> load() {
  return load_rules(official_files(), {}, std::make_shared<const FieldCatalogue>()).rules;
}

void official_rules(benchmark::State& state) {
  const auto rules = load();
  if (rules == nullptr || recording().events.empty()) {
    state.SkipWithError("no reference data (SAKER_SHARED_DIR)");
    return;
  }
  const bool keeps_facts = state.range(0) != 0;
  Matcher matcher(
      rules, MatcherOptions{.matching = RuleMatching::kAll, .caches_process_facts = keeps_facts});
  Matcher plain(rules,
                MatcherOptions{.matching = RuleMatching::kAll, .caches_process_facts = false});
  if (pass(Work::kMatch, &matcher) != pass(Work::kMatch, &plain)) {
    state.SkipWithError("wrong number of matches");
    return;
  }
  time_passes(state, Work::kMatch, &matcher);
}

BENCHMARK(decode)->Unit(benchmark::kMillisecond);
BENCHMARK(decode_and_state)->Unit(benchmark::kMillisecond);
BENCHMARK(official_rules)
    ->ArgName("keeps_process_facts")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace saker
