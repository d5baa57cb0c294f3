// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Who watches the events that go through the engine: recordings.
#pragma once

#include <span>

#include "engine/event/event_source.h"
#include "engine/field/field_info.h"
#include "engine/ruleset/ruleset.h"

namespace saker::app {

// One event after the rules have seen it. Everything is borrowed for the call.
struct SeenEvent {
  const RawEvent& raw;
  const FieldContext& context;
  bool has_reached_rules = false;
  const RuleSet& rules;
  std::span<const RuleId> matches;
};

class EventObserver {
public:
  virtual ~EventObserver() = default;

  // A new state, before its first event.
  virtual void on_snapshot(const Snapshot& snapshot) = 0;
  // False: enough has been seen, the run shall end.
  virtual bool on_event(const SeenEvent& seen) = 0;
  // After on_event(), when closed fds and dead threads are gone from the state.
  virtual void on_retired(const State& state, std::uint64_t ts_ns) = 0;
  // The run is over: completes what is being written. Fails when that is what the run was for.
  virtual Status finish() = 0;
};

}  // namespace saker::app
