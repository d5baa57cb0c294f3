// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The event thread: source -> EventView -> State -> Matcher -> Alert -> outputs -> State. Nothing
// in here waits for an output, and an event that matches nothing allocates nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/arena.h"
#include "engine/base/counters.h"
#include "engine/event/event_source.h"
#include "engine/event/event_view.h"
#include "engine/ruleset/matcher.h"
#include "engine/state/state.h"
#include "outputs/outputs.h"

namespace saker::app {

struct LoopOptions {
  std::uint64_t duration_ns = 0;  // stop after this much event time; 0: never
  std::string hostname;           // evt.hostname; empty in replay
};

class EngineLoop {
public:
  // Everything is borrowed and outlives the loop.
  EngineLoop(State& state, Matcher& matcher, Outputs& outputs, Counters& counters,
             LoopOptions options);

  // Runs until the source ends, `stop` becomes true or the duration is over. Returns the source's
  // error, if that was the end; events before it have been processed.
  [[nodiscard]] Status run(EventSource& source, const std::atomic<bool>& stop);

  // Events that rules have seen.
  [[nodiscard]] std::uint64_t event_count() const { return event_count_; }

private:
  // False: the duration is over.
  bool process(const RawEvent& raw);
  void run_rules(const RawEvent& raw, const Applied& applied);

  State& state_;
  Matcher& matcher_;
  Outputs& outputs_;
  Counters& counters_;
  LoopOptions options_;
  EventView event_;
  Arena arena_;
  std::uint64_t number_ = 0;  // of the last event
  std::uint64_t event_count_ = 0;
  std::uint64_t first_ts_ns_ = 0;
  std::uint64_t previous_ts_ns_ = 0;
};

}  // namespace saker::app
