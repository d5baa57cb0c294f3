// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/session.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <thread>

#include "app/container_setup.h"
#include "app/control_thread.h"
#include "app/dry_run.h"
#include "app/engine_loop.h"
#include "app/event_broadcast.h"
#include "app/file_watcher.h"
#include "app/hardening_setup.h"
#include "app/host_names/host_names_setup.h"
#include "app/operation.h"
#include "app/outputs_setup.h"
#include "app/parallel_replay.h"
#include "app/pidfile.h"
#include "app/progress.h"
#include "app/recordings.h"
#include "app/reload.h"
#include "app/sources.h"
#include "app/summary.h"
#include "outputs/deadline.h"
#include "outputs/write_bytes.h"

namespace saker::app {

namespace {

Result<OpenedSource> open_source(const config::Config& config, const SessionOptions& options,
                                 const RuleSet& rules, Counters& counters, Log& log,
                                 const std::atomic<bool>& stop) {
  if (is_replay(config)) {
    log.info("Replaying the capture file " + config.engine.capture_file);
    return open_replay(config, counters, stop);
  }
  if (config.engine.kind == "nodriver") {
    log.info("Running without a source of system calls");
    return open_none();
  }
  log.info("Opening 'syscall' source with modern BPF probe.");
  return open_live(config, options.has_rules ? &rules : nullptr, counters);
}

// Whoever reads standard output may have stopped to; then the text is cut short.
void print(int fd, std::string_view text, const Deadline& deadline) {
  static_cast<void>(write_bytes(fd, text, deadline, "a standard stream"));
}

// What is watched for changes; nothing unless the configuration wants it.
std::optional<FileWatcher> open_watcher(const config::Config& config, const OpenedSource& source,
                                        const std::vector<std::string>& watched, Log& log) {
  if (!config.watch_config_files || (is_replay(config) && !source.is_stream)) {
    return {};
  }
  auto watcher = FileWatcher::open(watched);
  if (!watcher) {
    log.warning(watcher.error().message);
    return {};
  }
  return std::move(*watcher);
}

[[noreturn]] void give_up(Log& log) {
  unblock_signals();  // the log may wait for its reader: a third one ends the process
  log.warning("Second signal: alerts that wait are not delivered");
  std::_Exit(EXIT_FAILURE);
}

std::size_t count_workers(const config::Config& config, const SessionOptions& options,
                          const RuleSet& rules, Log& log) {
  if (!is_replay(config) || config.engine.replay_workers <= 1) {
    return 1;
  }
  if (options.record || config.capture.enabled) {
    log.warning("A recording shows the order of events, which only one worker follows; using one");
    return 1;
  }
  return possible_workers(config.engine.replay_workers, rules, log);
}

// A second processor reads and decompresses a capture ahead. What may wait for its writer is read
// by a thread of its own in any case, so that the loop takes new rules meanwhile.
Status run_loop(const config::Config& config, EngineLoop& loop, const OpenedSource& source,
                const std::atomic<bool>& stop) {
  const bool reads_ahead = is_replay(config) && std::thread::hardware_concurrency() > 1;
  if (!reads_ahead && !source.is_stream) {
    return loop.run(*source.events, stop);
  }
  EventBroadcast ahead(*source.events, 1, stop);
  Status status = loop.run(ahead.reader(0), stop);
  ahead.leave(0);
  return status;
}

SteadyTime drain_deadline(const config::Config& config, bool was_stopped) {
  // A capture that ends by itself has all the time; a second signal cuts it short.
  constexpr std::chrono::hours kLong{24};
  const auto now = std::chrono::steady_clock::now();
  return is_replay(config) && !was_stopped ? now + kLong : now + output_timeout(config);
}

}  // namespace

Status run_session(const config::Config& config, const SessionOptions& options,
                   std::shared_ptr<const RuleSet> rules, const Loader& load,
                   const WatchedPaths& watched, Log& log) {
  if (options.dry_run) {
    return check_start(config, options.pidfile, options.unbuffered, log);
  }
  give_up_capabilities(config, options.record ? options.record->path : "", log);
  Outputs outputs;
  std::atomic<bool> stop{false};
  ControlThread control(stop);
  SAKER_RETURN_IF_ERROR(start_outputs(config, options.unbuffered, log, outputs));
  if (!options.pidfile.empty()) {
    SAKER_RETURN_IF_ERROR(write_pidfile(options.pidfile));
  }
  Counters counters;
  SAKER_ASSIGN_OR_RETURN(const OpenedSource source,
                         open_source(config, options, *rules, counters, log, stop));
  for (const std::string& sentence : source.missing) {
    log.warning(sentence);
  }
  const StateLimits limits = state_limits(config);
  LoopOptions loop_options{.matching = matching_of(config),
                           .duration_ns = options.duration_ns,
                           .hostname = is_replay(config) ? "" : alert_hostname()};
  const std::size_t workers = count_workers(config, options, *rules, log);
  State state(limits, counters, source.facts.get());
  SourceMonitor monitor(config, source.stats, outputs, log);
  const auto host_names = open_host_names(config);
  loop_options.host_names = host_names.get();
  SAKER_ASSIGN_OR_RETURN(const auto containers, open_containers(config, counters, state, log));
  loop_options.containers = containers.get();
  FiguresBoard figures;
  LoopOptions observed_options = loop_options;
  observed_options.figures = &figures;
  EngineLoop loop(state, rules, outputs, monitor, counters, observed_options);
  SAKER_ASSIGN_OR_RETURN(Recordings recordings,
                         Recordings::make(config, options.record, options.fields, log, outputs));
  recordings.attach(loop);
  SAKER_ASSIGN_OR_RETURN(
      const auto operation,
      Operation::start(config, {source, counters, outputs, figures},
                       options.files ? options.files() : SessionFiles{}, outputs, log));
  Reloader reloader(config, rules,
                    {.load = load,
                     .source = source,
                     .loop = loop,
                     .outputs = outputs,
                     .operation = *operation,
                     .log = log,
                     .files = options.files,
                     .unbuffered = options.unbuffered});
  std::optional<FileWatcher> watcher = open_watcher(config, source, watched(), log);
  Progress progress(config.engine.capture_file, is_replay(config));
  Status status;
  MatchTotals totals;
  const auto reload_now = [&](ReloadCause cause) {
    if (workers > 1) {
      log.warning("Rules are not loaded again while several workers replay a capture");
      return;
    }
    if (options.has_rules) {
      reloader.run(cause);
    }
  };
  // A file that was replaced is another one now. It is watched before it is read, so that no
  // change is missed; what only the new configuration names has to be read once more.
  const auto reload_watched = [&] {
    std::vector<std::string> paths;
    do {
      paths = watched();
      watcher = open_watcher(config, source, paths, log);
      reload_now(ReloadCause::kChangedFiles);
    } while (!stop && !std::ranges::includes(paths, watched()));
  };
  control.begin({.reopen = [&] { outputs.reopen(); },
                 .reload =
                     [&] {
                       log.info("SIGHUP received, restarting...");
                       reload_now(ReloadCause::kRequest);
                     },
                 .tick =
                     [&] {
                       outputs.check_slow_writes();
                       operation->tick();
                       reloader.tick();
                       progress.tick();
                       if (!stop && watcher && watcher->has_changed()) {
                         reload_watched();
                       }
                     },
                 .tick_at_end = [&] { outputs.check_slow_writes(); },
                 .insist = [&] { give_up(log); }});
  give_up_system_calls(config, log);
  if (workers > 1) {
    auto found = replay_in_parallel(*source.events, rules,
                                    {.workers = workers, .limits = limits, .loop = loop_options},
                                    outputs, log, counters, stop);
    status = found ? Status() : tl::unexpected(found.error());
    totals = found.value_or(MatchTotals());
  } else {
    status = run_loop(config, loop, source, stop);
    totals = loop.totals();
  }
  if (Status recorded = recordings.finish(); status) {
    status = std::move(recorded);
  }
  control.begin_end();
  operation->stop_serving();
  const SteadyTime drained_by = drain_deadline(reloader.current(), stop.exchange(true));
  outputs.drain(drained_by);
  constexpr std::chrono::milliseconds kSummaryTime{500};
  const Deadline printed_by(std::max(drained_by, std::chrono::steady_clock::now() + kSummaryTime));
  if (options.has_rules) {
    print(STDOUT_FILENO, totals.summary(), printed_by);
  }
  if (source.finish) {
    const LedgerSummary ledger{.source = source.finish(),
                               .read = counters.get(Counter::kEventsRead),
                               .malformed = counters.get(Counter::kEventsMalformed) +
                                            counters.get(Counter::kEventsUnknownType),
                               .left_over = loop.left_over()};
    print(STDERR_FILENO, ledger.text(), printed_by);
  }
  print(STDERR_FILENO, drop_summary(monitor.drop_seconds(), monitor.action_count()), printed_by);
  return status;
}

}  // namespace saker::app
