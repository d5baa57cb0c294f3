// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where this run's events come from.
#pragma once

#include <memory>

#include "compat/config/config.h"
#include "engine/base/counters.h"
#include "engine/event/event_source.h"
#include "engine/ruleset/ruleset.h"

namespace saker::app {

[[nodiscard]] bool is_replay(const config::Config& config);

// replay.cc: the capture of engine.replay.capture_file.
[[nodiscard]] Result<std::unique_ptr<EventSource>> open_replay(const config::Config& config,
                                                               Counters& counters);

// live.cc: this machine's kernel; collects what `rules` and the state need.
[[nodiscard]] Result<std::unique_ptr<EventSource>> open_live(const config::Config& config,
                                                             const RuleSet& rules,
                                                             Counters& counters);

// A source without events (engine.kind nodriver): ends when the process is told to.
[[nodiscard]] std::unique_ptr<EventSource> open_none();

}  // namespace saker::app
