// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/samples.h"

namespace saker::metrics {

namespace {

constexpr std::string_view kFalco = "falco";
constexpr std::string_view kScap = "scap";
constexpr std::string_view kFalcoFields = "falco.";
constexpr std::string_view kScapFields = "scap.";

template <typename Struct>
struct CountRow {
  const char* name;
  bool is_counter;
  std::uint64_t Struct::*member;  // null: nothing of ours corresponds to it, so it is zero
};

template <typename Struct, std::size_t N>
std::vector<Sample> count_samples(const Struct& counts, const CountRow<Struct> (&rows)[N],
                                  std::string_view prefix) {
  std::vector<Sample> samples;
  for (const CountRow<Struct>& row : rows) {
    samples.push_back({.field_prefix = prefix,
                       .subsystem = kScap,
                       .name = row.name,
                       .unit = Unit::kCount,
                       .is_counter = row.is_counter,
                       .value = row.member == nullptr ? 0 : counts.*row.member});
  }
  return samples;
}

}  // namespace

std::vector<Sample> resource_samples(const ResourceUsage& usage) {
  const auto row = [](const char* name, Unit unit, std::variant<std::uint64_t, double> value) {
    return Sample{.field_prefix = kFalcoFields,
                  .subsystem = kFalco,
                  .name = name,
                  .unit = unit,
                  .value = value};
  };
  return {row("cpu_usage", Unit::kPercent, usage.cpu_perc),
          row("memory_rss", Unit::kKilobytes, usage.rss_kb),
          row("memory_vsz", Unit::kKilobytes, usage.vsz_kb),
          row("memory_pss", Unit::kKilobytes, usage.pss_kb),
          row("container_memory_used", Unit::kBytes, usage.container_memory_bytes),
          row("host_cpu_usage", Unit::kPercent, usage.host_cpu_perc),
          row("host_memory_used", Unit::kKilobytes, usage.host_memory_kb),
          row("host_procs_running", Unit::kCount, usage.host_procs_running),
          row("host_open_fds", Unit::kCount, usage.host_open_fds)};
}

std::vector<Sample> state_samples(const StateCounts& counts) {
  constexpr CountRow<StateCounts> kRows[] = {
      {"n_threads", false, &StateCounts::threads},
      {"n_fds", false, &StateCounts::fds},
      {"n_noncached_fd_lookups", true, nullptr},
      {"n_cached_fd_lookups", true, nullptr},
      {"n_failed_fd_lookups", true, &StateCounts::failed_fd_lookups},
      {"n_added_fds", true, &StateCounts::added_fds},
      {"n_removed_fds", true, &StateCounts::removed_fds},
      {"n_stored_evts", true, nullptr},
      {"n_store_evts_drops", true, nullptr},
      {"n_retrieved_evts", true, nullptr},
      {"n_retrieve_evts_drops", true, nullptr},
      {"n_noncached_thread_lookups", true, nullptr},
      {"n_cached_thread_lookups", true, nullptr},
      {"n_failed_thread_lookups", true, &StateCounts::failed_thread_lookups},
      {"n_added_threads", true, &StateCounts::added_threads},
      {"n_removed_threads", true, &StateCounts::removed_threads},
      {"n_drops_full_threadtable", true, &StateCounts::drops_full_thread_table},
  };
  return count_samples(counts, kRows, kFalcoFields);
}

std::vector<Sample> kernel_samples(const KernelCounts& counts) {
  constexpr CountRow<KernelCounts> kRows[] = {
      {"n_evts", true, &KernelCounts::events},
      {"n_drops_scratch_map", true, &KernelCounts::drops_scratch},
      {"n_drops_page_faults", true, &KernelCounts::page_faults},
      {"n_drops_bug", true, &KernelCounts::drops_bug},
      {"n_drops", true, &KernelCounts::drops},
  };
  std::vector<Sample> samples = count_samples(counts, kRows, kScapFields);
  samples.front().is_always_told = true;
  samples.back().is_always_told = true;
  return samples;
}

std::uint64_t drops_of(const KernelCounts& counts, std::string_view category) {
  const auto found = counts.drops_by_category.find(category);
  return found == counts.drops_by_category.end() ? 0 : found->second;
}

std::vector<Sample> program_samples(const KernelCounts& counts) {
  std::vector<Sample> samples;
  const auto add = [&](std::string name, Unit unit, bool is_counter, std::uint64_t value) {
    samples.push_back({.field_prefix = kScapFields,
                       .subsystem = kScap,
                       .name = std::move(name),
                       .unit = unit,
                       .is_counter = is_counter,
                       .value = value});
  };
  for (const ProgramCost& program : counts.programs) {
    add(program.name + ".run_cnt", Unit::kCount, true, program.run_count);
    add(program.name + ".run_time", Unit::kNanoseconds, true, program.run_time_ns);
    add(program.name + ".avg_time", Unit::kNanoseconds, false,
        program.run_count == 0 ? 0 : program.run_time_ns / program.run_count);
  }
  return samples;
}

}  // namespace saker::metrics
