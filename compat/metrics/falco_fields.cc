// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/falco_fields.h"

#include <cmath>
#include <variant>

#include "compat/metrics/prometheus_text.h"
#include "compat/metrics/samples.h"

namespace saker::metrics {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr double kKilobyte = 1024;

double with_one_decimal(double value) {
  return std::round(value * 10) / 10;
}

class FieldWriter {
public:
  FieldWriter(const Snapshot& snapshot, const MetricsSelection& selection,
              const PreviousCounts& previous)
      : snapshot_(snapshot), selection_(selection), previous_(previous) {}

  Fields write() {
    add_process();
    if (selection_.rules_counters) {
      add_rules();
    }
    if (selection_.resource_utilization) {
      add_samples(resource_samples(snapshot_.resources));
    }
    if (selection_.state_counters) {
      add_samples(state_samples(snapshot_.state));
    }
    if (snapshot_.kernel.is_known) {
      add_kernel();
    }
    return std::move(fields_);
  }

private:
  void add_process() {
    const ProcessFacts& facts = snapshot_.process;
    fields_["evt.time"] = snapshot_.now_ns;
    fields_["evt.hostname"] = facts.hostname;
    fields_["evt.source"] = std::string("syscall");
    fields_["falco.version"] = facts.falco_version;
    fields_["falco.start_ts"] = facts.start_ns;
    fields_["falco.duration_sec"] = snapshot_.elapsed_ns / kNsPerSecond;
    fields_["falco.kernel_release"] = facts.kernel_release;
    fields_["falco.host_boot_ts"] = facts.boot_ns;
    fields_["falco.host_num_cpus"] = facts.cpu_count;
    fields_["falco.reload_ts"] = facts.reload_ns;
    fields_["falco.outputs_queue_num_drops"] = snapshot_.output_drops;
    fields_["scap.engine_name"] = facts.engine_name;
    for (const FileDigest& file : facts.rules_files) {
      fields_["falco.sha256_rules_file." + field_part(file.name)] = file.sha256;
    }
    for (const FileDigest& file : facts.config_files) {
      fields_["falco.sha256_config_file." + field_part(file.name)] = file.sha256;
    }
    for (const InterfaceAddresses& interface : facts.interfaces) {
      const std::string base = "falco.host_netinfo.interfaces." + interface.name + ".protocols.";
      if (!interface.ipv4.empty()) {
        fields_[base + "ipv4.addresses"] = interface.ipv4;
      }
      if (!interface.ipv6.empty()) {
        fields_[base + "ipv6.addresses"] = interface.ipv6;
      }
    }
    fields_["falco.num_evts"] = snapshot_.events_processed;
    fields_["falco.num_evts_prev"] = previous_.events_processed;
    add_rate("falco.evts_rate_sec", snapshot_.events_processed, previous_.events_processed);
  }

  // Per second since the snapshot before; absent without one.
  void add_rate(const char* name, std::uint64_t now, std::uint64_t before) {
    if (previous_.is_known && snapshot_.elapsed_ns > previous_.elapsed_ns) {
      const double seconds = static_cast<double>(snapshot_.elapsed_ns - previous_.elapsed_ns) /
                             static_cast<double>(kNsPerSecond);
      fields_[name] = with_one_decimal(static_cast<double>(now - before) / seconds);
    }
  }

  void add_rules() {
    std::uint64_t total = 0;
    for (const RuleCounts& rule : snapshot_.rules) {
      total += rule.matches;
      add_count("falco.rules." + field_part(rule.name), rule.matches);
    }
    add_count("falco.rules.matches_total", total);
  }

  void add_kernel() {
    const KernelCounts& kernel = snapshot_.kernel;
    const std::uint64_t events = kernel.events - previous_.kernel_events;
    const std::uint64_t drops = kernel.drops - previous_.kernel_drops;
    fields_["scap.n_drops_perc"] =
        events == 0
            ? 0.0
            : with_one_decimal(100.0 * static_cast<double>(drops) / static_cast<double>(events));
    if (selection_.kernel_event_counters) {
      fields_["scap.n_evts_prev"] = previous_.kernel_events;
      fields_["scap.n_drops_prev"] = previous_.kernel_drops;
      add_rate("scap.evts_rate_sec", kernel.events, previous_.kernel_events);
      add_rate("scap.evts_drop_rate_sec", kernel.drops, previous_.kernel_drops);
      add_samples(kernel_samples(kernel));
      add_count("scap.n_drops_buffer_total", kernel.drops_ring_full);
      for (const std::string_view drop : kDropCategories) {
        add_count("scap.n_drops_buffer_" + std::string(drop) + "_exit", drops_of(kernel, drop));
      }
    }
    if (selection_.kernel_event_counters_per_cpu) {
      for (std::size_t i = 0; i < kernel.cpus.size(); ++i) {
        fields_["scap.n_evts_cpu_" + std::to_string(i)] = kernel.cpus[i].events;
        fields_["scap.n_drops_cpu_" + std::to_string(i)] = kernel.cpus[i].drops;
      }
    }
    if (selection_.libbpf_stats) {
      add_samples(program_samples(kernel));
    }
  }

  void add_count(std::string name, std::uint64_t value) {
    if (value != 0 || selection_.include_empty_values) {
      fields_[std::move(name)] = value;
    }
  }

  void add_samples(const std::vector<Sample>& samples) {
    for (const Sample& sample : samples) {
      add_sample(sample, std::string(sample.field_prefix) + sample.name);
    }
  }

  void add_sample(const Sample& sample, std::string name) {
    const double value =
        std::visit([](auto number) { return static_cast<double>(number); }, sample.value);
    if (value == 0 && !sample.is_always_told && !selection_.include_empty_values) {
      return;
    }
    const bool in_mb = selection_.convert_memory_to_mb;
    switch (sample.unit) {
      case Unit::kCount:
        fields_[std::move(name)] = std::get<std::uint64_t>(sample.value);
        break;
      case Unit::kNanoseconds:
        fields_[name + "_ns"] = std::get<std::uint64_t>(sample.value);
        break;
      case Unit::kPercent:
        fields_[name + "_perc"] = value;
        break;
      case Unit::kKilobytes:
        add_memory(name, in_mb ? value / kKilobyte : value, in_mb ? "_mb" : "_kb");
        break;
      case Unit::kBytes:
        add_memory(name, in_mb ? value / kKilobyte / kKilobyte : value, in_mb ? "_mb" : "_bytes");
        break;
    }
  }

  void add_memory(const std::string& name, double value, const char* unit) {
    if (selection_.convert_memory_to_mb) {
      fields_[name + unit] = with_one_decimal(value);
    } else {
      fields_[name + unit] = static_cast<std::uint64_t>(value);
    }
  }

  const Snapshot& snapshot_;
  const MetricsSelection& selection_;
  const PreviousCounts& previous_;
  Fields fields_;
};

}  // namespace

PreviousCounts counts_of(const Snapshot& snapshot) {
  return {.is_known = true,
          .elapsed_ns = snapshot.elapsed_ns,
          .events_processed = snapshot.events_processed,
          .kernel_events = snapshot.kernel.events,
          .kernel_drops = snapshot.kernel.drops};
}

Fields falco_fields(const Snapshot& snapshot, const MetricsSelection& selection,
                    const PreviousCounts& previous) {
  return FieldWriter(snapshot, selection, previous).write();
}

Notice metrics_notice(std::uint64_t now_ns, Fields fields) {
  return {.ts_ns = now_ns,
          .priority = Priority::kInformational,
          .rule = "Falco internal: metrics snapshot",
          .message = "Falco metrics snapshot",
          .fields = std::move(fields),
          .fixed_id = {}};
}

std::string field_part(std::string_view name) {
  std::string part = prometheus_name(name);
  if (part.ends_with('_')) {
    part.pop_back();
  }
  return part;
}

}  // namespace saker::metrics
