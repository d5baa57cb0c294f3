// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Gathers a metrics::Snapshot from all parts of a running session. From any thread.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "app/loop_figures.h"
#include "app/sources.h"
#include "compat/metrics/health.h"
#include "compat/metrics/snapshot.h"
#include "engine/base/counters.h"
#include "outputs/outputs.h"

namespace saker::app {

// The files that make up what runs; paths.
struct SessionFiles {
  std::vector<std::string> config;
  std::vector<std::string> rules;
};

class MetricsCollector {
public:
  struct Parts {
    const OpenedSource& source;
    const Counters& counters;
    const Outputs& outputs;
    FiguresBoard& figures;
  };

  // What the parts name is borrowed.
  MetricsCollector(const Parts& parts, const SessionFiles& files);

  [[nodiscard]] metrics::Snapshot collect() const;
  // Without the numbers that the event thread must give.
  [[nodiscard]] metrics::HealthInput health_input() const;

  // OpenedSource::inspect().
  [[nodiscard]] std::vector<std::string> inspect_source() const;

  void note_reload(const SessionFiles& files);
  void note_failed_reload();
  // What /healthz says from now on.
  void set_troubles(std::vector<std::string> troubles);
  [[nodiscard]] std::vector<std::string> troubles() const;

private:
  void read_files(const SessionFiles& files);

  const Parts parts_;
  const std::uint64_t started_ns_;  // by the steady clock
  mutable std::mutex mutex_;
  metrics::ProcessFacts facts_;
  std::uint64_t reloads_ = 0;
  std::uint64_t failed_reloads_ = 0;
  std::vector<std::string> troubles_;
};

}  // namespace saker::app
