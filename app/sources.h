// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where this run's events come from.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/source_monitor.h"
#include "compat/config/config.h"
#include "compat/metrics/snapshot.h"
#include "engine/base/counters.h"
#include "engine/event/event_source.h"
#include "engine/ruleset/ruleset.h"
#include "engine/state/state.h"

namespace saker::app {

// What became of everything that the kernel side saw: seen = submitted + filtered + lost, and
// submitted = read + unread.
struct SourceLedger {
  std::uint64_t seen = 0;
  std::uint64_t submitted = 0;
  std::uint64_t filtered = 0;
  std::uint64_t lost = 0;
  std::uint64_t unread = 0;  // when the run ended
};

struct OpenedSource {
  std::unique_ptr<EventSource> events;
  std::unique_ptr<FactSource> facts;  // null in replay
  // Valid as long as `events`.
  std::function<SourceStats()> stats;  // empty: loses nothing
  // Collects what these rules need, and what was collected before if `keeps_earlier`; may be empty.
  std::function<Status(const RuleSet& rules, const config::BaseSyscalls& base, bool keeps_earlier)>
      select;
  // Ends the collection; empty for sources that lose nothing.
  std::function<SourceLedger()> finish;
  // One sentence per thing that this source cannot see.
  std::vector<std::string> missing;
  // One sentence per sign that somebody interferes with the source; from any thread; may be empty.
  std::function<std::vector<std::string>()> inspect;
  // For metrics, from any thread; may be empty: events do not come from this kernel.
  std::function<metrics::KernelCounts()> kernel;
  // The events come when their writer likes: next() is called on a thread that may wait.
  bool is_stream = false;
  std::string_view engine_name = "savefile";  // Falco's word for the kind of source
};

[[nodiscard]] bool is_replay(const config::Config& config);

// replay.cc: the capture of engine.replay.capture_file. A pipe or device is opened by the first
// call of next(), which returns the errors of that, and waits there until `stop` (borrowed) is
// true.
[[nodiscard]] Result<OpenedSource> open_replay(const config::Config& config, Counters& counters,
                                               const std::atomic<bool>& stop);

// live.cc: this machine's kernel; collects what `rules` and the state need, or everything that the
// sensor knows when there are none (null).
[[nodiscard]] Result<OpenedSource> open_live(const config::Config& config, const RuleSet* rules,
                                             Counters& counters);

// What open_live() would refuse before it asks the kernel.
[[nodiscard]] Status check_live(const config::Config& config);

// A source without events (engine.kind nodriver): ends when the process is told to.
[[nodiscard]] OpenedSource open_none();

}  // namespace saker::app
