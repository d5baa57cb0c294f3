// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/summary.h"

#include <array>
#include <numeric>

namespace saker::app {

namespace {

// By Priority.
constexpr std::array<std::string_view, 8> kSeverities = {
    "EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG"};

void append_count(std::string& out, std::string_view name, std::uint64_t count) {
  if (count == 0) {
    return;
  }
  out += "   ";
  out += name;
  out += ": ";
  out += std::to_string(count);
  out += '\n';
}

}  // namespace

std::string alert_summary(const RuleSet& rules, std::span<const std::uint64_t> match_counts) {
  std::array<std::uint64_t, kSeverities.size()> by_severity{};
  for (std::size_t i = 0; i < match_counts.size(); ++i) {
    by_severity[static_cast<std::size_t>(rules.rules()[i].priority)] += match_counts[i];
  }
  const std::uint64_t total =
      std::accumulate(match_counts.begin(), match_counts.end(), std::uint64_t{0});
  std::string out = "Events detected: " + std::to_string(total) + "\nRule counts by severity:\n";
  for (std::size_t i = 0; i < by_severity.size(); ++i) {
    append_count(out, kSeverities[i], by_severity[i]);
  }
  out += "Triggered rules by rule name:\n";
  for (std::size_t i = 0; i < match_counts.size(); ++i) {
    append_count(out, rules.rules()[i].name, match_counts[i]);
  }
  return out;
}

std::string drop_summary(std::uint64_t drop_seconds, std::uint64_t actions) {
  return "Syscall event drop monitoring:\n   - event drop detected: " +
         std::to_string(drop_seconds) +
         " occurrences\n   - num times actions taken: " + std::to_string(actions) + "\n";
}

}  // namespace saker::app
