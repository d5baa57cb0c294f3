// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which parts of the rules' conditions the tests have seen true, and which false. A check is an
// atom (condition coverage); the parts of `or` and `and` are branches. A part is covered when both
// were seen.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "kit/test/rule_bench.h"

namespace saker::kit {

struct PartCoverage {
  std::uint64_t true_count = 0;
  std::uint64_t false_count = 0;

  [[nodiscard]] bool is_covered() const { return true_count > 0 && false_count > 0; }
};

struct CoverageCount {
  std::size_t covered = 0;
  std::size_t all = 0;

  [[nodiscard]] double percent() const {
    return all == 0 ? 100.0 : 100.0 * static_cast<double>(covered) / static_cast<double>(all);
  }
};

class Coverage {
public:
  using Parts = std::map<const Node*, PartCoverage>;

  // Adds what one test has seen. May be called from several threads.
  void add(const Parts& parts);

  [[nodiscard]] PartCoverage of(const Node& part) const;
  // Atoms and branches of a rule's own condition and the macros in it.
  [[nodiscard]] CoverageCount atoms(const Node& tree) const;
  [[nodiscard]] CoverageCount branches(const Node& tree) const;

private:
  std::mutex mutex_;
  Parts parts_;
};

// One page: a table of rules, and each condition with its parts coloured.
[[nodiscard]] std::string coverage_html(const Coverage& coverage, const RuleBench& bench);
// A line per rule, and the total.
[[nodiscard]] std::string coverage_text(const Coverage& coverage, const RuleBench& bench);
// Atoms of all rules.
[[nodiscard]] CoverageCount total_atoms(const Coverage& coverage, const RuleBench& bench);

}  // namespace saker::kit
