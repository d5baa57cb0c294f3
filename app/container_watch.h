// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Container metadata for the event loop. Events that need metadata which has been asked for wait
// here, reduced to what is still open; the events after them do not. When the answer comes, or the
// time is over, their alerts are delivered.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "containers/container_cache.h"
#include "containers/container_lookup.h"
#include "engine/alert/alert.h"
#include "engine/base/pool.h"
#include "engine/event/snapshot.h"
#include "engine/ruleset/open_match.h"
#include "engine/state/state.h"

namespace saker::app {

struct WatchOptions {
  containers::ContainerOptions runtimes;
  containers::CacheOptions cache;
  std::uint64_t wait_ns = 2'000'000'000;
  std::size_t max_waiting_events = 1024;
};

class ContainerWatch {
public:
  using Deliver =
      std::function<void(const std::shared_ptr<const RuleSet>& rules, RuleId id, Alert alert)>;
  using Warn = std::function<void(const std::string& text)>;

  // `counters` and `state` are borrowed. `warn` is called on the event thread, at most once per
  // reason.
  ContainerWatch(const WatchOptions& options, Counters& counters, const State& state, Warn warn,
                 const containers::ContainerLookup::ClientMaker& make_clients);

  [[nodiscard]] const ContainerMetadata& metadata() const { return cache_; }

  // Asks for the containers of all threads.
  void note_all(const Snapshot& snapshot);
  // State of the thread's container; asks for it when it is new.
  [[nodiscard]] containers::ContainerState note(const Thread* thread);

  // Takes the match of an event whose container is pending; `context` is the event's. Alerts that
  // need nothing more are delivered at once.
  void add(OpenMatch match, const FieldContext& context, const Deliver& deliver);

  // Takes answers and delivers what can be decided now. Called between batches.
  void settle(const Deliver& deliver);
  // Delivers everything that waits, marked as pending.
  void give_up(const Deliver& deliver);

private:
  struct Waiting {
    OpenMatch match;
    std::vector<Alert> alerts;  // one per candidate
    Ref<Cgroups> cgroups;
    std::uint64_t deadline_ns = 0;
  };

  void take_answers();
  void take(const containers::LookupAnswer& answer);
  void close(const Waiting& waiting, const Deliver& deliver);

  WatchOptions options_;
  Counters& counters_;
  const State& state_;
  Warn warn_;
  bool has_warned_no_runtime_ = false;
  bool has_warned_unavailable_ = false;
  containers::ContainerLookup lookup_;
  containers::ContainerCache cache_;
  Pool<Cgroups> cgroups_;  // of waiting events, whose threads may be gone by then
  std::deque<Waiting> waiting_;
  Arena arena_;
};

}  // namespace saker::app
