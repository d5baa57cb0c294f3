// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/metrics_collector.h"

#include "app/outputs_setup.h"
#include "compat/cli/version.h"
#include "compat/metrics/host_facts.h"
#include "outputs/clocks.h"

namespace saker::app {

namespace {

// How long a reader waits for the event thread; a busy one answers within a batch, an idle one
// within the source's waiting time (LiveOptions::poll_timeout_ms).
constexpr std::chrono::milliseconds kPatience{500};

std::uint64_t load(const std::atomic<std::uint64_t>& value) {
  return value.load(std::memory_order_relaxed);
}

std::string_view kind_name(CounterKind kind) {
  return kind == CounterKind::kInfo       ? "info"
         : kind == CounterKind::kDataLoss ? "data_loss"
                                          : "error";
}

std::vector<metrics::LedgerRow> ledger_rows(const Counters& counters) {
  std::vector<metrics::LedgerRow> rows;
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    const auto counter = static_cast<Counter>(i);
    const CounterInfo& info = counter_info(counter);
    rows.push_back({std::string(info.name), std::string(kind_name(info.kind)),
                    std::string(info.sentence), counters.get(counter)});
  }
  return rows;
}

metrics::OutputCounts counts_of(std::string_view name, const QueueStats& stats) {
  return {.name = std::string(name),
          .pushed = load(stats.pushed),
          .filtered = load(stats.filtered),
          .delivered = load(stats.delivered),
          .failed = load(stats.failed),
          .dropped_full = load(stats.dropped_full),
          .dropped_refused = load(stats.dropped_refused),
          .retries = load(stats.retries)};
}

std::vector<metrics::OutputCounts> output_counts(const Outputs& outputs) {
  std::vector<metrics::OutputCounts> counts;
  for (const auto& queue : outputs.queues()) {
    const SinkStore store = queue->stored();
    metrics::OutputCounts& row = counts.emplace_back(counts_of(queue->name(), queue->stats()));
    row.held = queue->held_count();
    row.stored = store.waiting;
    row.stored_bytes = store.waiting_bytes;
    row.set_aside = store.set_aside;
  }
  // Those that are no longer there do not begin anew should they come back.
  for (const auto& [name, stats] : outputs.earlier()) {
    counts.push_back(counts_of(name, *stats));
  }
  return counts;
}

}  // namespace

MetricsCollector::MetricsCollector(const Parts& parts, const SessionFiles& files)
    : parts_(parts), started_ns_(steady_clock_ns()) {
  const std::uint64_t now_ns = wall_clock_ns();
  facts_ = {.falco_version = std::string(cli::kFalcoVersion),
            .saker_version = std::string(cli::saker_version()),
            .hostname = alert_hostname(),
            .kernel_release = metrics::kernel_release(),
            .engine_name = std::string(parts.source.engine_name),
            .start_ns = now_ns,
            .reload_ns = now_ns,
            .boot_ns = metrics::boot_time_ns(),
            .cpu_count = metrics::cpu_count()};
  read_files(files);
}

void MetricsCollector::read_files(const SessionFiles& files) {
  facts_.config_files = metrics::file_digests(files.config);
  facts_.rules_files = metrics::file_digests(files.rules);
}

metrics::Snapshot MetricsCollector::collect() const {
  const LoopFigures figures = parts_.figures.get(kPatience);
  metrics::Snapshot snapshot;
  {
    const std::lock_guard lock(mutex_);
    snapshot.process = facts_;
    snapshot.reloads = reloads_;
    snapshot.failed_reloads = failed_reloads_;
    snapshot.troubles = troubles_;
  }
  snapshot.now_ns = wall_clock_ns();
  snapshot.elapsed_ns = steady_clock_ns() - started_ns_;
  snapshot.process.interfaces = metrics::interface_addresses();
  snapshot.events_processed = figures.events_processed;
  snapshot.rule_generation = figures.rules == nullptr ? 0 : figures.rules->generation();
  snapshot.rules = figures.rule_counts();
  snapshot.events_by_type = figures.types.by_name();
  snapshot.resources = metrics::resource_usage();
  const Counters& counters = parts_.counters;
  snapshot.state = {.threads = figures.thread_count,
                    .fds = figures.fd_count,
                    .failed_fd_lookups = counters.get(Counter::kFdLookupsFailed),
                    .added_fds = counters.get(Counter::kFdsAdded),
                    .removed_fds = counters.get(Counter::kFdsRemoved),
                    .failed_thread_lookups = counters.get(Counter::kThreadsUnknown),
                    .added_threads = counters.get(Counter::kThreadsAdded),
                    .removed_threads = counters.get(Counter::kThreadsRemoved),
                    .drops_full_thread_table = counters.get(Counter::kThreadsDroppedFull)};
  if (parts_.source.kernel) {
    snapshot.kernel = parts_.source.kernel();
  }
  snapshot.outputs = output_counts(parts_.outputs);
  snapshot.output_drops = parts_.outputs.dropped_count();
  snapshot.ledger = ledger_rows(counters);
  return snapshot;
}

metrics::HealthInput MetricsCollector::health_input() const {
  metrics::HealthInput input{.now_ns = steady_clock_ns(), .is_live = bool(parts_.source.kernel)};
  if (parts_.source.stats) {
    const SourceStats stats = parts_.source.stats();
    input.hits = stats.hits;
    input.events = stats.events;
    input.drops = stats.drops;
  }
  input.lookups_found = parts_.counters.get(Counter::kContainerLookupsFound);
  input.lookups_failed = parts_.counters.get(Counter::kContainerLookupsUnavailable);
  for (const auto& queue : parts_.outputs.queues()) {
    const QueueStats& stats = queue->stats();
    input.outputs.push_back(
        {.name = queue->name(),
         .waiting = queue->held_count() + queue->stored().waiting,
         .delivered = load(stats.delivered),
         .lost = load(stats.failed) + load(stats.dropped_refused) + load(stats.dropped_full)});
  }
  for (const MissingOutput& output : parts_.outputs.missing()) {
    input.other_troubles.push_back("output " + output.name + " is not there: " + output.reason);
  }
  return input;
}

std::vector<std::string> MetricsCollector::inspect_source() const {
  return parts_.source.inspect ? parts_.source.inspect() : std::vector<std::string>();
}

void MetricsCollector::note_reload(const SessionFiles& files) {
  const std::lock_guard lock(mutex_);
  ++reloads_;
  facts_.reload_ns = wall_clock_ns();
  read_files(files);
}

void MetricsCollector::note_failed_reload() {
  const std::lock_guard lock(mutex_);
  ++failed_reloads_;
}

void MetricsCollector::set_troubles(std::vector<std::string> troubles) {
  const std::lock_guard lock(mutex_);
  troubles_ = std::move(troubles);
}

std::vector<std::string> MetricsCollector::troubles() const {
  const std::lock_guard lock(mutex_);
  return troubles_;
}

}  // namespace saker::app
