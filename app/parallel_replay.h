// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Replays a capture with several workers: each follows all events with a state of its own and asks
// the rules about its share of the processes. The alerts are those of one worker, in the same
// order.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "app/engine_loop.h"
#include "app/log.h"
#include "app/summary.h"

namespace saker::app {

// How many of `wanted` workers can run these rules: one when a rule asks for what lies between the
// events that it saw itself (evt.deltatime), which depends on who saw them.
[[nodiscard]] std::size_t possible_workers(std::size_t wanted, const RuleSet& rules, Log& log);

struct ParallelReplay {
  std::size_t workers = 2;
  StateLimits limits;
  LoopOptions loop;  // of each worker, but for what makes them differ
};

// Returns the matches of all workers. Everything is borrowed; `counters` get the sums of events and
// alerts.
[[nodiscard]] Result<MatchTotals> replay_in_parallel(EventSource& source,
                                                     const std::shared_ptr<const RuleSet>& rules,
                                                     const ParallelReplay& options,
                                                     Outputs& outputs, Log& log, Counters& counters,
                                                     const std::atomic<bool>& stop);

}  // namespace saker::app
