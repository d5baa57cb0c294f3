// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/summary.h"

#include <algorithm>
#include <array>

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

void MatchTotals::add(const RuleSet& rules, std::span<const std::uint64_t> match_counts) {
  for (std::size_t i = 0; i < match_counts.size(); ++i) {
    if (match_counts[i] == 0) {
      continue;
    }
    const Rule& rule = rules.rules()[i];
    const auto known = std::ranges::find_if(rows_, [&](const Row& row) {
      return row.name == rule.name && row.priority == rule.priority;
    });
    if (known != rows_.end()) {
      known->count += match_counts[i];
    } else {
      rows_.push_back({rule.name, rule.priority, match_counts[i]});
    }
  }
}

std::string MatchTotals::summary() const {
  std::array<std::uint64_t, kSeverities.size()> by_severity{};
  std::uint64_t total = 0;
  for (const Row& row : rows_) {
    by_severity[static_cast<std::size_t>(row.priority)] += row.count;
    total += row.count;
  }
  std::string out = "Events detected: " + std::to_string(total) + "\nRule counts by severity:\n";
  for (std::size_t i = 0; i < by_severity.size(); ++i) {
    append_count(out, kSeverities[i], by_severity[i]);
  }
  out += "Triggered rules by rule name:\n";
  for (const Row& row : rows_) {
    append_count(out, row.name, row.count);
  }
  return out;
}

bool LedgerSummary::is_exact() const {
  return source.seen == source.submitted + source.filtered + source.lost &&
         source.submitted == read + left_over + source.unread;
}

std::string LedgerSummary::text() const {
  const auto n = [](std::uint64_t number) { return std::to_string(number); };
  return "Kernel events: seen " + n(source.seen) + " = submitted " + n(source.submitted) +
         " + filtered " + n(source.filtered) + " + lost " + n(source.lost) +
         "\nSubmitted events: " + n(source.submitted) + " = processed " + n(read - malformed) +
         " + malformed " + n(malformed) + " + unread " + n(source.unread + left_over) +
         (is_exact() ? "\n" : "\nThe ledger is not exact.\n");
}

std::string drop_summary(std::uint64_t drop_seconds, std::uint64_t actions) {
  return "Syscall event drop monitoring:\n   - event drop detected: " +
         std::to_string(drop_seconds) +
         " occurrences\n   - num times actions taken: " + std::to_string(actions) + "\n";
}

}  // namespace saker::app
