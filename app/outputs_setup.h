// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "app/log.h"
#include "compat/config/config.h"
#include "outputs/outputs.h"

namespace saker::app {

// How the configuration wants alerts to look.
[[nodiscard]] RenderOptions render_options(const config::Config& config);

struct SinkPlan {
  bool unbuffered = false;  // -U
  // For `saker outputs test`: no spool, no repetitions.
  bool is_test = false;
  OutputLog log;
  const Outputs::Names* only = nullptr;  // null: all
};

struct PlannedSink {
  std::unique_ptr<Sink> sink;
  QueueOptions queue;
};

// Makes every sink that the configuration enables, in Falco's order: file, standard output, syslog,
// program, http, and ours: kafka. Opens none of them, but the spools of the last two.
[[nodiscard]] Result<std::vector<PlannedSink>> make_sinks(const config::Config& config,
                                                          const SinkPlan& plan);

// Where outputs say what happens to them. `log` is borrowed.
[[nodiscard]] OutputLog output_log(Log& log);

// Starts them, or those of them that are named in `only`. `unbuffered`: -U. Fails with one message
// when an output cannot be opened or is not complete.
[[nodiscard]] Status start_outputs(const config::Config& config, bool unbuffered, Log& log,
                                   Outputs& outputs, const Outputs::Names* only = nullptr);

// As far as each of those in `names` can be started by itself; returns which cannot.
[[nodiscard]] std::vector<MissingOutput> start_each_output(const config::Config& config,
                                                           bool unbuffered, Log& log,
                                                           Outputs& outputs,
                                                           const Outputs::Names& names);

// Names of the outputs that a new configuration concerns: enabled before or after, with a key whose
// value is another one.
[[nodiscard]] Outputs::Names changed_outputs(const config::Config& before,
                                             const config::Config& after);

// config.output_timeout_ms, as far as clocks can count.
[[nodiscard]] std::chrono::milliseconds output_timeout(const config::Config& config);

// Name of this machine in alerts: FALCO_HOSTNAME, else the host's name.
[[nodiscard]] std::string alert_hostname();

}  // namespace saker::app
