// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/session.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>

#include "app/control_thread.h"
#include "app/engine_loop.h"
#include "app/outputs_setup.h"
#include "app/pidfile.h"
#include "app/sources.h"
#include "app/summary.h"

namespace saker::app {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

Result<std::unique_ptr<EventSource>> open_source(const config::Config& config, const RuleSet& rules,
                                                 Counters& counters, Log& log) {
  if (is_replay(config)) {
    log.info("Replaying the capture file " + config.engine.capture_file);
    return open_replay(config, counters);
  }
  if (config.engine.kind == "nodriver") {
    log.info("Running without a source of system calls");
    return open_none();
  }
  log.info("Opening 'syscall' source with modern BPF probe.");
  return open_live(config, rules, counters);
}

void print(std::FILE* stream, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

}  // namespace

Status run_session(const config::Config& config, const SessionOptions& options,
                   std::shared_ptr<const RuleSet> rules, Log& log) {
  Outputs outputs;
  SAKER_RETURN_IF_ERROR(start_outputs(config, options.unbuffered, log, outputs));
  if (!options.pidfile.empty() && !options.dry_run) {
    SAKER_RETURN_IF_ERROR(write_pidfile(options.pidfile));
  }
  if (options.dry_run) {
    return {};
  }
  Counters counters;
  SAKER_ASSIGN_OR_RETURN(auto source, open_source(config, *rules, counters, log));
  State state({.max_threads = config.falco_libs.thread_table_size}, counters);
  Matcher matcher(rules, config.rule_matching == "all" ? RuleMatching::kAll : RuleMatching::kFirst);
  EngineLoop loop(state, matcher, outputs, counters,
                  {.duration_ns = options.duration_s * kNsPerSecond,
                   .hostname = is_replay(config) ? "" : alert_hostname()});
  std::atomic<bool> stop{false};
  Status status;
  {
    const ControlThread control(stop,
                                {.reopen = [&] { outputs.reopen(); },
                                 .restart = [&] { log.info("SIGHUP received, nothing to reload"); },
                                 .tick = [&] { outputs.check_slow_writes(); }});
    status = loop.run(*source, stop);
    outputs.drain(std::chrono::steady_clock::now() +
                  (is_replay(config) ? std::chrono::hours(1)
                                     : std::chrono::milliseconds(config.output_timeout_ms)));
  }
  print(stdout, alert_summary(*rules, matcher.match_counts()));
  print(stderr, drop_summary(0, 0));
  return status;
}

}  // namespace saker::app
