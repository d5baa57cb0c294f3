// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Everything that /metrics, metrics.output_rule and metrics.output_file tell, as plain data of one
// moment. app/ fills it; the rest of this folder turns it into text.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/ruleset/rule.h"

namespace saker::metrics {

struct FileDigest {
  std::string name;    // without its folder
  std::string sha256;  // in hexadecimal
};

struct InterfaceAddresses {
  std::string name;
  std::string ipv4;  // with commas between them; empty: none
  std::string ipv6;
};

// What never changes while the process runs, but for the files, which a reload may change.
struct ProcessFacts {
  std::string falco_version;
  std::string saker_version;
  std::string hostname;
  std::string kernel_release;
  std::string engine_name;  // Falco's word for where events come from: "modern_bpf", "savefile" …
  std::uint64_t start_ns = 0;  // wall clock, like all times here
  std::uint64_t reload_ns = 0;
  std::uint64_t boot_ns = 0;
  std::uint64_t cpu_count = 0;
  std::vector<FileDigest> config_files;
  std::vector<FileDigest> rules_files;
  std::vector<InterfaceAddresses> interfaces;  // without the loop-back
};

struct RuleCounts {
  std::string name;
  std::string source;
  Priority priority = Priority::kDebug;
  std::vector<std::string> tags;
  std::uint64_t matches = 0;
  std::uint64_t evaluations = 0;  // how often its condition was asked; an index spares most
  std::uint64_t time_ns = 0;      // estimated from samples; spent on its condition
};

struct ResourceUsage {
  double cpu_perc = 0;  // of one CPU, since the start
  std::uint64_t rss_kb = 0;
  std::uint64_t vsz_kb = 0;
  std::uint64_t pss_kb = 0;
  std::uint64_t container_memory_bytes = 0;
  double host_cpu_perc = 0;  // of all CPUs, since boot
  std::uint64_t host_memory_kb = 0;
  std::uint64_t host_procs_running = 0;
  std::uint64_t host_open_fds = 0;
};

struct StateCounts {
  std::uint64_t threads = 0;
  std::uint64_t fds = 0;
  std::uint64_t failed_fd_lookups = 0;
  std::uint64_t added_fds = 0;
  std::uint64_t removed_fds = 0;
  std::uint64_t failed_thread_lookups = 0;
  std::uint64_t added_threads = 0;
  std::uint64_t removed_threads = 0;
  std::uint64_t drops_full_thread_table = 0;
};

struct CpuCounts {
  std::uint64_t events = 0;
  std::uint64_t drops = 0;
};

struct ProgramCost {
  std::string name;
  std::uint64_t run_count = 0;
  std::uint64_t run_time_ns = 0;
};

struct KernelCounts {
  bool is_known = false;  // false: events do not come from this kernel
  std::uint64_t events = 0;
  std::uint64_t drops = 0;
  std::uint64_t drops_ring_full = 0;
  std::uint64_t drops_scratch = 0;
  std::uint64_t page_faults = 0;
  std::uint64_t drops_bug = 0;
  std::map<std::string, std::uint64_t, std::less<>> drops_by_category;  // of drops_ring_full
  std::vector<CpuCounts> cpus;
  std::vector<ProgramCost> programs;  // zero unless kernel.bpf_stats_enabled is 1
};

struct OutputCounts {
  std::string name;
  std::uint64_t held = 0;  // in memory now
  std::uint64_t pushed = 0;
  std::uint64_t filtered = 0;
  std::uint64_t delivered = 0;
  std::uint64_t failed = 0;
  std::uint64_t dropped_full = 0;
  std::uint64_t dropped_refused = 0;
  std::uint64_t retries = 0;
  std::uint64_t stored = 0;  // in the spool
  std::uint64_t stored_bytes = 0;
  std::uint64_t set_aside = 0;
};

// A row of the loss ledger: a counter of engine/base/counters.def.
struct LedgerRow {
  std::string name;  // "events.malformed"
  std::string kind;  // "info", "data_loss", "error"
  std::string sentence;
  std::uint64_t value = 0;
};

struct Snapshot {
  std::uint64_t now_ns = 0;      // wall clock
  std::uint64_t elapsed_ns = 0;  // since the start, whatever the wall clock did meanwhile
  ProcessFacts process;
  std::uint64_t events_processed = 0;
  std::uint64_t output_drops = 0;
  std::uint64_t rule_generation = 0;
  std::uint64_t reloads = 0;
  std::uint64_t failed_reloads = 0;
  std::vector<RuleCounts> rules;  // in load order
  ResourceUsage resources;
  StateCounts state;
  KernelCounts kernel;
  std::vector<OutputCounts> outputs;
  std::vector<LedgerRow> ledger;
  std::vector<std::pair<std::string, std::uint64_t>> events_by_type;  // those that occurred
  std::vector<std::string> troubles;                                  // why /healthz is red
};

// What is told. Source: falco.yaml, metrics.
struct MetricsSelection {
  bool rules_counters = true;
  bool resource_utilization = true;
  bool state_counters = true;
  bool kernel_event_counters = true;
  bool kernel_event_counters_per_cpu = false;
  bool libbpf_stats = true;
  bool convert_memory_to_mb = true;
  bool include_empty_values = false;
};

}  // namespace saker::metrics
