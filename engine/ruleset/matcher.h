// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs a rule set over events. One worker owns a Matcher; matching does not allocate after warm-up.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/ruleset/match_profile.h"
#include "engine/ruleset/ruleset.h"

namespace saker {

struct OpenMatch;

enum class RuleMatching : std::uint8_t { kFirst, kAll };

struct MatcherOptions {
  RuleMatching matching = RuleMatching::kFirst;
  // Keeps what only depends on a process for its later events. Off in comparisons only.
  bool caches_process_facts = true;
  // After so many events conditions are ordered anew by how often their checks held; see
  // AdaptiveOrder. 0: never.
  std::uint64_t adapts_after_events = 65'536;
  // For the time that rules take, which is measured in one event of `cost_sampling`; null: none is.
  NowNs now_ns = nullptr;
  std::uint64_t cost_sampling = 1024;
  // Filled while matching; null: nothing is measured.
  MatchProfile* profile = nullptr;
};

// What a rule cost so far. What rules share is charged to the one that asked first.
struct RuleCost {
  std::uint64_t evaluations = 0;  // how often the condition was asked; the indexes spare the rest
  std::uint64_t time_ns = 0;      // estimated from the events that are measured
};

class Matcher {
public:
  Matcher(std::shared_ptr<const RuleSet> rules, RuleMatching matching);
  Matcher(std::shared_ptr<const RuleSet> rules, const MatcherOptions& options);
  ~Matcher();

  // Rules that match, in load order; at most one with kFirst. Borrowed until the next call.
  [[nodiscard]] std::span<const RuleId> match(const FieldContext& context);

  // As match(), for an event whose container's metadata has yet to arrive (open_match.h). May
  // allocate. Counts nothing: count() is called when the match is closed.
  [[nodiscard]] OpenMatch match_without_metadata(const FieldContext& context);
  void count(RuleId rule) { ++match_counts_[static_cast<std::size_t>(rule)]; }

  [[nodiscard]] const std::shared_ptr<const RuleSet>& rules() const { return rules_; }
  // Matches per rule so far, by RuleId.
  [[nodiscard]] std::span<const std::uint64_t> match_counts() const { return match_counts_; }
  [[nodiscard]] std::span<const RuleCost> costs() const { return costs_; }

private:
  struct Impl;
  std::shared_ptr<const RuleSet> rules_;
  std::vector<std::uint64_t> match_counts_;
  std::vector<RuleCost> costs_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace saker
