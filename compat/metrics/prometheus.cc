// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Falco's families, in its order. Source: falco-compat.md 3.6.
#include "compat/metrics/prometheus.h"

#include <variant>

#include "compat/metrics/samples.h"

namespace saker::metrics {

namespace {

constexpr std::string_view kHelp = "https://falco.org/docs/metrics/";
constexpr double kKilobyte = 1024;
constexpr double kPercent = 100;

class FalcoPage {
public:
  FalcoPage(PrometheusText& out, const Snapshot& snapshot) : out_(out), snapshot_(snapshot) {}

  void add(const MetricsSelection& selection) {
    add_process_info();
    if (selection.rules_counters) {
      add_rules();
    }
    add_info("scap_engine_name_info",
             {{"engine_name", snapshot_.process.engine_name}, {"evt_source", "syscall"}});
    if (selection.resource_utilization) {
      add_samples(resource_samples(snapshot_.resources));
    }
    if (selection.state_counters) {
      add_samples(state_samples(snapshot_.state));
    }
    if (selection.kernel_event_counters && snapshot_.kernel.is_known) {
      add_samples(kernel_samples(snapshot_.kernel));
      add_drop_categories();
    }
    if (selection.kernel_event_counters_per_cpu && snapshot_.kernel.is_known) {
      add_cpus();
    }
    if (selection.libbpf_stats) {
      add_samples(program_samples(snapshot_.kernel));
    }
    add_process_numbers();
  }

private:
  void add_info(std::string_view name, const Labels& labels) {
    out_.add({.name = full(name), .help = kHelp}, labels, std::uint64_t{1});
  }

  void add_number(std::string_view name, bool is_counter, std::uint64_t value,
                  const Labels& labels = {}) {
    out_.add({.name = full(name), .is_counter = is_counter, .help = kHelp}, labels, value);
  }

  std::string_view full(std::string_view name) {
    name_ = "falcosecurity_";
    name_ += name;
    return name_;
  }

  void add_process_info() {
    const ProcessFacts& facts = snapshot_.process;
    add_info("falco_version_info", {{"version", facts.falco_version}});
    for (const FileDigest& file : facts.rules_files) {
      add_info("falco_sha256_rules_files_info",
               {{"file_name", file.name}, {"sha256", file.sha256}});
    }
    for (const FileDigest& file : facts.config_files) {
      add_info("falco_sha256_config_files_info",
               {{"file_name", file.name}, {"sha256", file.sha256}});
    }
  }

  void add_rules() {
    for (const RuleCounts& rule : snapshot_.rules) {
      if (rule.matches == 0) {
        continue;
      }
      Labels labels = {{"rule_name", rule.name},
                       {"priority", std::to_string(static_cast<int>(rule.priority))},
                       {"source", rule.source}};
      for (const std::string& tag : rule.tags) {
        labels.emplace(prometheus_name("tag_" + tag), "true");
      }
      add_number("falco_rules_matches_total", true, rule.matches, labels);
    }
  }

  // The unit becomes the end of the name; sizes are told in bytes and shares as ratios.
  void add_samples(const std::vector<Sample>& samples) {
    for (const Sample& sample : samples) {
      const std::string base = prometheus_name(std::string(sample.subsystem) + "_" + sample.name);
      const double value =
          std::visit([](auto number) { return static_cast<double>(number); }, sample.value);
      switch (sample.unit) {
        case Unit::kCount:
          add_number(base + "_total", sample.is_counter, std::get<std::uint64_t>(sample.value));
          break;
        case Unit::kNanoseconds:
          add_number(base + (sample.is_counter ? "_nanoseconds_total" : "_nanoseconds"),
                     sample.is_counter, std::get<std::uint64_t>(sample.value));
          break;
        case Unit::kPercent:
          out_.add({.name = full(base + "_ratio"), .help = kHelp}, {}, value / kPercent);
          break;
        case Unit::kKilobytes:
          out_.add({.name = full(base + "_bytes"), .help = kHelp}, {}, value * kKilobyte);
          break;
        case Unit::kBytes:
          out_.add({.name = full(base + "_bytes"), .help = kHelp}, {}, value);
          break;
      }
    }
  }

  void add_drop_categories() {
    for (const std::string_view drop : kDropCategories) {
      for (const std::string_view dir : {"enter", "exit"}) {
        const bool is_enter = dir == "enter";
        if (is_enter && (drop == "close" || drop == "proc")) {
          continue;  // these never had an enter side
        }
        const std::uint64_t value = is_enter ? 0 : drops_of(snapshot_.kernel, drop);
        out_.add({.name = full("scap_n_drops_buffer_total"), .is_counter = true, .help = kHelp},
                 {{"dir", std::string(dir)}, {"drop", std::string(drop)}}, value);
      }
    }
  }

  void add_cpus() {
    const std::vector<CpuCounts>& cpus = snapshot_.kernel.cpus;
    for (std::size_t i = 0; i < cpus.size(); ++i) {
      add_number("scap_n_evts_cpu_total", true, cpus[i].events, {{"cpu", std::to_string(i)}});
    }
    for (std::size_t i = 0; i < cpus.size(); ++i) {
      add_number("scap_n_drops_cpu_total", true, cpus[i].drops, {{"cpu", std::to_string(i)}});
    }
  }

  void add_process_numbers() {
    constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
    const ProcessFacts& facts = snapshot_.process;
    add_info("falco_kernel_release_info", {{"kernel_release", facts.kernel_release}});
    add_info("evt_hostname_info", {{"hostname", facts.hostname}});
    add_number("falco_outputs_queue_num_drops_total", true, snapshot_.output_drops);
    add_number("falco_reload_timestamp_nanoseconds", false, facts.reload_ns);
    add_number("falco_start_timestamp_nanoseconds", false, facts.start_ns);
    add_number("falco_duration_seconds_total", true, snapshot_.elapsed_ns / kNsPerSecond);
    add_number("falco_host_boot_timestamp_nanoseconds", false, facts.boot_ns);
    add_number("falco_host_num_cpus_total", false, facts.cpu_count);
  }

  PrometheusText& out_;
  const Snapshot& snapshot_;
  std::string name_;
};

}  // namespace

std::string prometheus_page(const Snapshot& snapshot, const MetricsSelection& selection) {
  PrometheusText out;
  FalcoPage(out, snapshot).add(selection);
  add_saker_families(out, snapshot, selection);
  return out.text();
}

}  // namespace saker::metrics
