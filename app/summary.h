// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What is printed at the end of a run. Source: falco-compat.md 3.4.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "app/sources.h"
#include "engine/ruleset/ruleset.h"

namespace saker::app {

// Matches by rule, over several rule sets when rules were reloaded.
class MatchTotals {
public:
  // `match_counts` is indexed by RuleId. A rule of a name that is already there adds to it.
  void add(const RuleSet& rules, std::span<const std::uint64_t> match_counts);

  // "Events detected: N" and the lists by severity and by rule, for standard output. Rules appear
  // in load order, those without a match are left out.
  [[nodiscard]] std::string summary() const;

private:
  struct Row {
    std::string name;
    Priority priority;
    std::uint64_t count;
  };
  std::vector<Row> rows_;
};

// What became of the events, in two lines whose sums are exact. `read`: events taken from the
// source; `malformed`: of them, those that were skipped; `left_over`: read but not looked at.
struct LedgerSummary {
  SourceLedger source;
  std::uint64_t read = 0;
  std::uint64_t malformed = 0;
  std::uint64_t left_over = 0;

  [[nodiscard]] bool is_exact() const;
  [[nodiscard]] std::string text() const;
};

// "Syscall event drop monitoring:" with its two lines, for standard error.
[[nodiscard]] std::string drop_summary(std::uint64_t drop_seconds, std::uint64_t actions);

}  // namespace saker::app
