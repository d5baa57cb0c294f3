// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where this run's events come from.
#pragma once

#include <functional>
#include <memory>

#include "app/source_monitor.h"
#include "compat/config/config.h"
#include "engine/base/counters.h"
#include "engine/event/event_source.h"
#include "engine/ruleset/ruleset.h"

namespace saker::app {

struct OpenedSource {
  std::unique_ptr<EventSource> events;
  // Valid as long as `events`.
  std::function<SourceStats()> stats;          // empty: loses nothing
  std::function<void(const RuleSet&)> select;  // collects what these rules need; may be empty
};

[[nodiscard]] bool is_replay(const config::Config& config);

// replay.cc: the capture of engine.replay.capture_file.
[[nodiscard]] Result<OpenedSource> open_replay(const config::Config& config, Counters& counters);

// live.cc: this machine's kernel; collects what `rules` and the state need, or everything that the
// sensor knows when there are none (null).
[[nodiscard]] Result<OpenedSource> open_live(const config::Config& config, const RuleSet* rules,
                                             Counters& counters);

// A source without events (engine.kind nodriver): ends when the process is told to.
[[nodiscard]] OpenedSource open_none();

}  // namespace saker::app
