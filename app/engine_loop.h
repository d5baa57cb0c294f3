// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The event thread: source -> EventView -> State -> Matcher -> Alert -> outputs -> State. Nothing
// in here waits for an output, and an event that matches nothing allocates nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/container_watch.h"
#include "app/loop_figures.h"
#include "app/recording/event_observer.h"
#include "app/source_monitor.h"
#include "app/summary.h"
#include "engine/base/arena.h"
#include "engine/base/counters.h"
#include "engine/event/event_source.h"
#include "engine/event/event_view.h"
#include "engine/ruleset/matcher.h"
#include "engine/state/state.h"
#include "outputs/outputs.h"

namespace saker::app {

// Which events a loop asks rules about: those of processes whose pid modulo `count` is `index`. The
// state follows all events in any case.
struct Partition {
  std::uint64_t index = 0;
  std::uint64_t count = 1;
};

struct LoopOptions {
  RuleMatching matching = RuleMatching::kFirst;
  std::uint64_t duration_ns = 0;         // stop after this much event time; 0: never
  std::string hostname;                  // evt.hostname; empty in replay
  ContainerWatch* containers = nullptr;  // null: no metadata (replay)
  HostNames* host_names = nullptr;       // null: no host has an address
  Partition partition;
  // Takes alerts instead of the outputs, with the number of the event; empty: the outputs do.
  std::function<void(std::uint64_t number, OutputMessage message)> raise;
  // Told after each batch how far it went.
  std::function<void(std::uint64_t number)> advance;
  FiguresBoard* figures = nullptr;  // where other threads ask for the loop's numbers; borrowed
};

[[nodiscard]] RuleMatching matching_of(const config::Config& config);
[[nodiscard]] StateLimits state_limits(const config::Config& config);

class EngineLoop {
public:
  // Everything is borrowed and outlives the loop.
  EngineLoop(State& state, std::shared_ptr<const RuleSet> rules, Outputs& outputs,
             SourceMonitor& monitor, Counters& counters, LoopOptions options);

  // Shows every event to `observer`, which outlives the run. Called before run().
  void observe(EventObserver& observer) { observers_.push_back(&observer); }

  // Runs until the source ends, `stop` becomes true or the duration is over. Returns the error of
  // the source or of its monitor, if that was the end; events before it have been processed.
  [[nodiscard]] Status run(EventSource& source, const std::atomic<bool>& stop);

  struct Exchange {
    std::shared_ptr<const RuleSet> rules;
    std::shared_ptr<const config::Config> config;  // how to match, and what to do about losses
  };
  // Takes effect before the next batch. May be called from another thread.
  void exchange(Exchange next);
  // Whether exchanged rules have not taken effect yet. May be called from another thread.
  [[nodiscard]] bool has_new_rules() const {
    return has_new_rules_.load(std::memory_order_acquire);
  }

  // Events of the last batch that were not looked at because the run ended within it.
  [[nodiscard]] std::uint64_t left_over() const { return left_over_; }
  // Events that rules have seen.
  [[nodiscard]] std::uint64_t event_count() const { return event_count_; }
  // Matches of the rules in force, by RuleId.
  [[nodiscard]] std::span<const std::uint64_t> match_counts() const {
    return matcher_->match_counts();
  }
  // Matches of all rule sets of this run, by rule name. Called after run().
  [[nodiscard]] MatchTotals totals() const;

private:
  [[nodiscard]] Status run_source(EventSource& source, const std::atomic<bool>& stop);
  // False: the run ends; `fault_` says whether for an error.
  bool process(const RawEvent& raw);
  [[nodiscard]] bool is_mine(const Applied& applied) const;
  std::span<const RuleId> run_rules(const FieldContext& context);
  void deliver(Alert alert);
  // False: an observer has seen enough.
  bool show(const SeenEvent& seen);
  // Delivers an alert that waited.
  void raise(const std::shared_ptr<const RuleSet>& rules, RuleId id, Alert alert);
  void take_new_rules();
  void fill_figures(LoopFigures& figures) const;

  State& state_;
  std::optional<Matcher> matcher_;
  Outputs& outputs_;
  SourceMonitor& monitor_;
  Counters& counters_;
  LoopOptions options_;
  ContainerWatch::Deliver deliver_;  // raises an alert that waited
  EventView event_;
  Arena arena_;
  std::uint64_t number_ = 0;  // of the last event
  std::uint64_t event_count_ = 0;
  std::uint64_t left_over_ = 0;
  std::uint64_t first_ts_ns_ = 0;
  std::uint64_t first_seen_ns_ = 0;  // when that was, by the steady clock
  std::uint64_t previous_ts_ns_ = 0;
  Status fault_;
  std::vector<EventObserver*> observers_;
  MatchTotals earlier_;  // of rule sets that were exchanged
  RuleFigures earlier_figures_;
  TypeCounts type_counts_;

  std::mutex new_rules_mutex_;
  Exchange new_rules_;
  std::atomic<bool> has_new_rules_{false};
};

}  // namespace saker::app
