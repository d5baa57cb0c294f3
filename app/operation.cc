// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/operation.h"

#include <cerrno>
#include <utility>

#include "compat/cli/version.h"
#include "compat/metrics/host_facts.h"
#include "compat/metrics/interval.h"
#include "compat/metrics/prometheus.h"
#include "outputs/clocks.h"

namespace saker::app {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
// A change that was undone, or is repeated every few seconds, must not look like health between.
constexpr std::uint64_t kInterferenceNs = 60 * kNsPerSecond;
constexpr std::string_view kInterferenceRule = "Saker internal: sensor interfered with";
constexpr std::uint64_t kLargestPort = 65535;
constexpr int kUnavailable = 503;
constexpr std::string_view kJson = "application/json";

metrics::MetricsSelection selection_of(const config::MetricsOptions& options) {
  return {.rules_counters = options.rules_counters,
          .resource_utilization = options.resource_utilization,
          .state_counters = options.state_counters,
          .kernel_event_counters = options.kernel_event_counters,
          .kernel_event_counters_per_cpu = options.kernel_event_counters_per_cpu,
          .libbpf_stats = options.libbpf_stats,
          .convert_memory_to_mb = options.convert_memory_to_mb,
          .include_empty_values = options.include_empty_values};
}

bool wants_snapshots(const config::MetricsOptions& options) {
  return options.enabled && (options.output_rule || !options.output_file.empty());
}

bool wants_webserver(const config::Config& config) {
  return config.webserver.enabled && !is_replay(config);
}

Result<metrics::WebServerOptions> web_server_options(const config::WebserverOptions& options) {
  if (options.listen_port > kLargestPort) {
    return fail(ErrorCode::kInvalidArgument, "webserver.listen_port must be at most 65535, not " +
                                                 std::to_string(options.listen_port));
  }
  return metrics::WebServerOptions{.listen_address = options.listen_address,
                                   .port = static_cast<std::uint16_t>(options.listen_port),
                                   .threadiness = options.threadiness,
                                   .tls_file = options.ssl_enabled ? options.ssl_certificate : ""};
}

}  // namespace

Status Operation::check(const config::Config& config) {
  if (wants_snapshots(config.metrics)) {
    if (const auto interval = metrics::parse_interval(config.metrics.interval); !interval) {
      return tl::unexpected(interval.error());
    }
  }
  if (!wants_webserver(config)) {
    return {};
  }
  SAKER_ASSIGN_OR_RETURN(const auto web, web_server_options(config.webserver));
  return metrics::WebServer::check(web);
}

Result<std::unique_ptr<Operation>> Operation::start(const config::Config& config,
                                                    const MetricsCollector::Parts& parts,
                                                    const SessionFiles& files, Outputs& outputs,
                                                    Log& log) {
  std::unique_ptr<Operation> operation(new Operation(config, parts, files, outputs, log));
  SAKER_RETURN_IF_ERROR(operation->start_all());
  return operation;
}

Operation::Operation(const config::Config& config, const MetricsCollector::Parts& parts,
                     const SessionFiles& files, Outputs& outputs, Log& log)
    : config_(config),
      outputs_(outputs),
      log_(log),
      collector_(parts, files),
      health_({.drop_threshold = config.drops.threshold}),
      selection_(selection_of(config.metrics)) {}

Status Operation::start_all() {
  SAKER_RETURN_IF_ERROR(start_metrics());
  return start_webserver();
}

Status Operation::reconfigure(const config::Config& config) {
  server_.reset();  // both cannot listen on the same port
  page_.clear();
  config::Config before = std::exchange(config_, config);
  selection_ = selection_of(config_.metrics);
  Status status = start_all();
  if (!status) {
    config_ = std::move(before);
    selection_ = selection_of(config_.metrics);
    if (const Status again = start_all(); !again) {
      log_.error("The webserver could not be started again: " + again.error().message);
    }
  }
  return status;
}

Status Operation::start_metrics() {
  const config::MetricsOptions& options = config_.metrics;
  interval_ns_ = 0;
  metrics_file_.reset();
  if (!wants_snapshots(options)) {
    return {};
  }
  SAKER_ASSIGN_OR_RETURN(interval_ns_, metrics::parse_interval(options.interval));
  next_metrics_ns_ = steady_clock_ns() + interval_ns_;
  if (!options.output_file.empty()) {
    metrics_file_.emplace(options.output_file, std::ios::app);
    if (!*metrics_file_) {
      return fail_errno("Could not open metrics.output_file " + options.output_file, errno);
    }
  }
  return {};
}

Status Operation::start_webserver() {
  const config::WebserverOptions& options = config_.webserver;
  if (!wants_webserver(config_)) {
    return {};
  }
  SAKER_ASSIGN_OR_RETURN(const auto web, web_server_options(options));
  std::vector<metrics::WebPage> pages;
  pages.push_back({options.healthz_endpoint, [this] {
                     const auto troubles = collector_.troubles();
                     return metrics::WebAnswer{.status = troubles.empty() ? 200 : kUnavailable,
                                               .content_type = std::string(kJson),
                                               .body = metrics::health_body(troubles)};
                   }});
  pages.push_back({"/versions", [] {
                     return metrics::WebAnswer{
                         .content_type = std::string(kJson),
                         .body = cli::version_json(cli::PluginVersions::kTold)};
                   }});
  if (config_.metrics.enabled && options.prometheus_metrics_enabled) {
    const auto answer = [this] {
      return metrics::WebAnswer{.content_type = std::string(metrics::kPrometheusContentType),
                                .body = metrics_page()};
    };
    pages.push_back({.path = "/metrics", .answer = answer, .is_costly = true});
  }
  SAKER_ASSIGN_OR_RETURN(server_, metrics::WebServer::start(web, std::move(pages)));
  log_.info("Starting health webserver with threadiness " +
            std::to_string(options.threadiness != 0 ? options.threadiness : metrics::cpu_count()) +
            ", listening on " + options.listen_address + ":" + std::to_string(server_->port()));
  return {};
}

std::string Operation::metrics_page() {
  constexpr std::uint64_t kFreshNs = 250'000'000;
  const std::lock_guard lock(page_mutex_);
  if (page_.empty() || steady_clock_ns() - page_made_ns_ > kFreshNs) {
    page_ = metrics::prometheus_page(collector_.collect(), selection_);
    page_made_ns_ = steady_clock_ns();
  }
  return page_;
}

void Operation::tick() {
  const std::uint64_t now_ns = steady_clock_ns();
  if (now_ns >= next_health_ns_) {
    next_health_ns_ = now_ns + kNsPerSecond;
    look_at_health();
  }
  if (interval_ns_ != 0 && now_ns >= next_metrics_ns_) {
    next_metrics_ns_ = now_ns + interval_ns_;
    tell_metrics();
  }
}

// A sign of interference is told once while it lasts: in the log, as an alert, and in /healthz.
void Operation::look_for_interference(metrics::HealthInput& input) {
  for (std::string& sign : collector_.inspect_source()) {
    const auto [entry, is_new] = interference_.try_emplace(std::move(sign));
    entry->second = input.now_ns;
    if (is_new) {
      log_.write(Priority::kCritical, "Interference with the sensor: " + entry->first);
      outputs_.push(
          OutputMessage(Notice{.ts_ns = wall_clock_ns(),
                               .priority = Priority::kCritical,
                               .rule = std::string(kInterferenceRule),
                               .message = std::string(kInterferenceRule) + ": " + entry->first,
                               .fields = {{"saker.interference", entry->first}},
                               .fixed_id = {}}));
    }
  }
  std::erase_if(interference_, [&input](const auto& entry) {
    return input.now_ns - entry.second >= kInterferenceNs;
  });
  for (const auto& [sign, when] : interference_) {
    input.other_troubles.push_back("interference: " + sign);
  }
}

void Operation::look_at_health() {
  metrics::HealthInput input = collector_.health_input();
  look_for_interference(input);
  auto troubles = health_.look(input);
  const auto before = collector_.troubles();
  // Told once; the numbers in the texts change while it lasts.
  if (before.empty() && !troubles.empty()) {
    for (const std::string& trouble : troubles) {
      log_.error("Health: " + trouble);
    }
  } else if (!before.empty() && troubles.empty()) {
    log_.info("Health: back to normal");
  }
  collector_.set_troubles(std::move(troubles));
}

void Operation::tell_metrics() {
  const metrics::Snapshot snapshot = collector_.collect();
  metrics::Fields fields = metrics::falco_fields(snapshot, selection_, previous_);
  previous_ = metrics::counts_of(snapshot);
  ++sample_;
  if (metrics_file_) {
    *metrics_file_ << metrics::metrics_line(fields, sample_) << std::flush;
    if (!*metrics_file_) {
      log_.error("Could not write metrics to " + config_.metrics.output_file);
      metrics_file_->clear();
    }
  }
  if (config_.metrics.output_rule) {
    outputs_.push(OutputMessage(metrics::metrics_notice(snapshot.now_ns, std::move(fields))));
  }
}

}  // namespace saker::app
