// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What an operator sees of a running session: webserver, metrics snapshots, health.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/log.h"
#include "app/metrics_collector.h"
#include "compat/config/config.h"
#include "compat/metrics/falco_fields.h"
#include "compat/metrics/web_server.h"

namespace saker::app {

class Operation {
public:
  // Starts the webserver (not in replay) and the metrics file, as the configuration wants it. What
  // `parts` names, `outputs` and `log` are borrowed. Fails with one message.
  [[nodiscard]] static Result<std::unique_ptr<Operation>> start(
      const config::Config& config, const MetricsCollector::Parts& parts, const SessionFiles& files,
      Outputs& outputs, Log& log);

  // What start() would refuse, as far as that can be told without writing or listening.
  [[nodiscard]] static Status check(const config::Config& config);

  // Takes over what concerns the webserver and metrics. After a failure the old ones go on. On the
  // control thread, like tick().
  [[nodiscard]] Status reconfigure(const config::Config& config);

  // How many lost events are no trouble yet; on the control thread.
  void set_drop_threshold(double share) { health_.set_drop_threshold(share); }

  // Called about ten times a second by the control thread.
  void tick();
  void note_reload(const SessionFiles& files) { collector_.note_reload(files); }
  void note_failed_reload() { collector_.note_failed_reload(); }
  // Ends the webserver: nothing may be asked any more once outputs are drained.
  void stop_serving() { server_.reset(); }

private:
  Operation(const config::Config& config, const MetricsCollector::Parts& parts,
            const SessionFiles& files, Outputs& outputs, Log& log);

  Status start_all();
  Status start_metrics();
  Status start_webserver();
  // Those who ask at the same time share a page: it takes the event thread's attention.
  std::string metrics_page();
  void look_at_health();
  void look_for_interference(metrics::HealthInput& input);
  void tell_metrics();

  config::Config config_;
  Outputs& outputs_;
  Log& log_;
  MetricsCollector collector_;
  metrics::HealthMonitor health_;
  metrics::MetricsSelection selection_;
  std::uint64_t interval_ns_ = 0;  // of metrics snapshots; 0: none
  std::uint64_t next_metrics_ns_ = 0;
  std::uint64_t next_health_ns_ = 0;
  std::uint64_t sample_ = 0;
  // What was found lately, and when (steady clock).
  std::map<std::string, std::uint64_t> interference_;
  metrics::PreviousCounts previous_;
  std::optional<std::ofstream> metrics_file_;
  std::mutex page_mutex_;
  std::string page_;
  std::uint64_t page_made_ns_ = 0;              // by the steady clock
  std::unique_ptr<metrics::WebServer> server_;  // last: ends first
};

}  // namespace saker::app
