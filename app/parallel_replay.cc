// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/parallel_replay.h"

#include <algorithm>
#include <functional>
#include <thread>
#include <vector>

#include "app/alert_order.h"
#include "app/event_broadcast.h"
#include "engine/ruleset/rule_program.h"

namespace saker::app {

namespace {

// More threads than this only wait for each other: all follow every event.
constexpr std::size_t kMaxWorkers = 64;

bool has_stateful_rule(const RuleSet& rules) {
  return std::ranges::any_of(rules.program().programs(), [](const TypeProgram& program) {
    return std::ranges::any_of(program.entries, &TypeProgram::Entry::is_stateful);
  });
}

// What one worker owns.
struct Worker {
  Worker(const StateLimits& limits, const config::Config& config, Outputs& outputs, Log& log)
      : state(limits, counters), monitor(config, {}, outputs, log) {}

  Counters counters;
  State state;
  SourceMonitor monitor;
  std::unique_ptr<EngineLoop> loop;
  Status status;
};

}  // namespace

std::size_t possible_workers(std::size_t wanted, const RuleSet& rules, Log& log) {
  if (wanted > 1 && has_stateful_rule(rules)) {
    log.warning("A rule asks for evt.deltatime, which only one worker can tell; using one");
    return 1;
  }
  return std::clamp(wanted, std::size_t{1}, kMaxWorkers);
}

Result<MatchTotals> replay_in_parallel(EventSource& source,
                                       const std::shared_ptr<const RuleSet>& rules,
                                       const ParallelReplay& options, Outputs& outputs, Log& log,
                                       Counters& counters, const std::atomic<bool>& stop) {
  const config::Config quiet;  // a capture loses nothing
  AlertOrder order(options.workers, [&](const OutputMessage& message) { outputs.push(message); });
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::size_t i = 0; i < options.workers; ++i) {
    auto worker = std::make_unique<Worker>(options.limits, quiet, outputs, log);
    LoopOptions loop = options.loop;
    loop.partition = {.index = i, .count = options.workers};
    loop.raise = [&order, i](std::uint64_t number, OutputMessage message) {
      order.add(i, number, std::move(message));
    };
    loop.advance = [&order, i](std::uint64_t number) { order.advance(i, number); };
    worker->loop = std::make_unique<EngineLoop>(worker->state, rules, outputs, worker->monitor,
                                                worker->counters, std::move(loop));
    workers.push_back(std::move(worker));
  }
  {
    EventBroadcast broadcast(source, options.workers, stop);
    // The broadcast ends what is read; each worker sees all of it.
    const std::atomic<bool> never{false};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < workers.size(); ++i) {
      threads.emplace_back([&, i] {
        workers[i]->status = workers[i]->loop->run(broadcast.reader(i), never);
        broadcast.leave(i);
        order.finish(i);
      });
    }
    std::ranges::for_each(threads, &std::thread::join);
  }
  std::vector<std::uint64_t> matches(rules->rules().size());
  for (const auto& worker : workers) {
    std::ranges::transform(matches, worker->loop->match_counts(), matches.begin(), std::plus());
    counters.add(Counter::kEventsMatched, worker->counters.get(Counter::kEventsMatched));
    counters.add(Counter::kAlertsRaised, worker->counters.get(Counter::kAlertsRaised));
  }
  counters.add(Counter::kEventsRead, workers.front()->counters.get(Counter::kEventsRead));
  SAKER_RETURN_IF_ERROR(workers.front()->status);
  MatchTotals totals;
  totals.add(*rules, matches);
  return totals;
}

}  // namespace saker::app
