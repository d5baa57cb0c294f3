// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/benchmark.h"

#include <time.h>

#include <algorithm>

#include "compat/scap/scap_source.h"
#include "engine/base/arena.h"
#include "engine/base/counters.h"
#include "engine/event/catalogue.h"
#include "engine/event/event_view.h"
#include "engine/ruleset/matcher.h"
#include "engine/state/state.h"
#include "outputs/clocks.h"

namespace saker::app {

namespace {

enum class Stage : std::uint8_t { kRead, kState, kMatch };

std::uint64_t processor_now_ns() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

std::uint64_t clock_cost_ns() {
  constexpr std::uint64_t kCalls = 10'000;
  const std::uint64_t start = steady_clock_ns();
  for (std::uint64_t i = 0; i < kCalls; ++i) {
    static_cast<void>(steady_clock_ns());
  }
  return (steady_clock_ns() - start) / kCalls;
}

// One pass over the capture.
class Pass {
public:
  Pass(Stage stage, const std::shared_ptr<const RuleSet>& rules, BenchReport& report,
       bool times_types, MatchProfile* profile)
      : stage_(stage),
        times_types_(times_types),
        report_(report),
        matcher_(rules, MatcherOptions{.matching = RuleMatching::kAll,
                                       .now_ns = profile == nullptr ? nullptr : &steady_clock_ns,
                                       .cost_sampling = 1,
                                       .profile = profile}),
        clock_cost_ns_(times_types ? clock_cost_ns() : 0) {}

  Status run(const std::string& path) {
    SAKER_ASSIGN_OR_RETURN(const auto source, scap::ScapSource::open(path, counters_));
    Batch batch;
    report_.events = 0;
    report_.matches = 0;
    while (true) {
      batch = Batch{};
      SAKER_ASSIGN_OR_RETURN(const SourceStatus status, source->next(batch));
      if (batch.snapshot != nullptr && stage_ != Stage::kRead) {
        state_.reset(*batch.snapshot);
      }
      report_.events += batch.events.size();
      if (stage_ != Stage::kRead) {
        std::ranges::for_each(batch.events, [this](const RawEvent& raw) { process(raw); });
      }
      if (status == SourceStatus::kEnd) {
        return {};
      }
    }
  }

  // Of each rule; `clock_cost_ns` is taken off each time.
  [[nodiscard]] std::vector<ProfileRow> rule_rows(std::uint64_t clock_cost_ns) const {
    std::vector<ProfileRow> rows;
    for (std::size_t i = 0; i < matcher_.costs().size(); ++i) {
      const RuleCost& cost = matcher_.costs()[i];
      const std::uint64_t clock_ns = cost.evaluations * clock_cost_ns;
      rows.push_back({.count = cost.evaluations,
                      .holds = matcher_.match_counts()[i],
                      .ns = cost.time_ns > clock_ns ? cost.time_ns - clock_ns : 0});
    }
    return rows;
  }

private:
  void process(const RawEvent& raw) {
    number_ = raw.number != 0 ? raw.number : number_ + 1;
    if (event_.parse(raw.bytes) != EventFault::kNone) {
      return;
    }
    const Applied& applied = state_.apply(event_);
    if (stage_ == Stage::kMatch && !raw.is_state_only && reaches_rules(event_.type())) {
      match(raw, applied);
    }
    state_.retire(event_);
  }

  void match(const RawEvent& raw, const Applied& applied) {
    first_ts_ns_ = first_ts_ns_ == 0 ? event_.ts_ns() : first_ts_ns_;
    const FieldContext context{.event = event_,
                               .applied = applied,
                               .state = state_,
                               .arena = arena_,
                               .number = number_,
                               .first_ts_ns = first_ts_ns_,
                               .previous_ts_ns = previous_ts_ns_,
                               .cpu = raw.cpu};
    if (times_types_) {
      TypeCost& cost = report_.types[index_of(event_.type())];
      const std::uint64_t start_ns = steady_clock_ns();
      report_.matches += matcher_.match(context).size();
      const std::uint64_t spent_ns = steady_clock_ns() - start_ns;
      ++cost.events;
      cost.ns += spent_ns > clock_cost_ns_ ? spent_ns - clock_cost_ns_ : 0;
    } else {
      report_.matches += matcher_.match(context).size();
    }
    arena_.clear();
    previous_ts_ns_ = event_.ts_ns();
  }

  const Stage stage_;
  const bool times_types_;
  BenchReport& report_;
  Matcher matcher_;
  const std::uint64_t clock_cost_ns_;
  Counters counters_;
  State state_{StateLimits{}, counters_};
  EventView event_;
  Arena arena_;
  std::uint64_t number_ = 0;
  std::uint64_t first_ts_ns_ = 0;
  std::uint64_t previous_ts_ns_ = 0;
};

Result<std::uint64_t> median_of(Stage stage, const std::string& path,
                                const std::shared_ptr<const RuleSet>& rules, std::size_t runs,
                                BenchReport& report) {
  std::vector<std::uint64_t> times;
  for (std::size_t i = 0; i < runs; ++i) {
    Pass pass(stage, rules, report, false, nullptr);
    const std::uint64_t start_ns = processor_now_ns();
    SAKER_RETURN_IF_ERROR(pass.run(path));
    times.push_back(processor_now_ns() - start_ns);
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

}  // namespace

Result<BenchReport> run_benchmark(const std::string& capture_path,
                                  const std::shared_ptr<const RuleSet>& rules, std::size_t runs) {
  BenchReport report;
  report.profile.now_ns = &steady_clock_ns;
  report.profile.clock_cost_ns = clock_cost_ns();
  Pass by_rule(Stage::kMatch, rules, report, false, &report.profile);
  SAKER_RETURN_IF_ERROR(by_rule.run(capture_path));
  report.rules = by_rule.rule_rows(report.profile.clock_cost_ns);
  Pass by_type(Stage::kMatch, rules, report, true, nullptr);
  SAKER_RETURN_IF_ERROR(by_type.run(capture_path));
  SAKER_ASSIGN_OR_RETURN(report.median.read_ns,
                         median_of(Stage::kRead, capture_path, rules, runs, report));
  SAKER_ASSIGN_OR_RETURN(report.median.state_ns,
                         median_of(Stage::kState, capture_path, rules, runs, report));
  SAKER_ASSIGN_OR_RETURN(report.median.match_ns,
                         median_of(Stage::kMatch, capture_path, rules, runs, report));
  return report;
}

}  // namespace saker::app
