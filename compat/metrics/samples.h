// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Falco's numbers, one row each, from which both its Prometheus text and its output fields are
// made. Source: falco-compat.md 3.6.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "compat/metrics/snapshot.h"

namespace saker::metrics {

enum class Unit : std::uint8_t { kCount, kPercent, kKilobytes, kBytes, kNanoseconds };

struct Sample {
  std::string_view field_prefix;  // of output fields: "falco." or "scap."
  std::string_view subsystem;     // of Prometheus names
  std::string name;               // without its unit: "n_threads", "memory_rss"
  Unit unit = Unit::kCount;
  bool is_counter = false;  // only grows
  std::variant<std::uint64_t, double> value;
  bool is_always_told = false;  // also when it is zero and empty values are left out
};

[[nodiscard]] std::vector<Sample> resource_samples(const ResourceUsage& usage);
[[nodiscard]] std::vector<Sample> state_samples(const StateCounts& counts);
// Without drops by category, which the two texts name differently, and without CPUs.
[[nodiscard]] std::vector<Sample> kernel_samples(const KernelCounts& counts);
[[nodiscard]] std::vector<Sample> program_samples(const KernelCounts& counts);

// What a lost event was, as Falco tells full buffers apart.
inline constexpr std::string_view kDropCategories[] = {
    "clone_fork", "execve", "connect", "open", "dir_file", "other_interest", "close", "proc"};

[[nodiscard]] std::uint64_t drops_of(const KernelCounts& counts, std::string_view category);

}  // namespace saker::metrics
