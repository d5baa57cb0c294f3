// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/loop_figures.h"

#include <algorithm>
#include <utility>

#include "engine/event/catalogue.h"

namespace saker::app {

void TypeCounts::add(const EventView& event) {
  if (event.type() != EventType::kGenericX) [[likely]] {
    ++types_[static_cast<std::size_t>(event.type())];
    return;
  }
  const Bytes code = event.param(0);
  const std::size_t index = code.size() >= 2 ? load_le<std::uint16_t>(code, 0) : kCodes - 1;
  ++codes_[std::min(index, kCodes - 1)];
}

std::vector<std::pair<std::string, std::uint64_t>> TypeCounts::by_name() const {
  std::map<std::string, std::uint64_t> sums;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (types_[i] != 0) {
      sums[std::string(event_info(static_cast<EventType>(i)).name)] += types_[i];
    }
  }
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    if (codes_[i] != 0) {
      const SyscallInfo* call = syscall_by_code(static_cast<std::uint16_t>(i));
      sums[call == nullptr ? "unknown" : std::string(call->name)] += codes_[i];
    }
  }
  return {sums.begin(), sums.end()};
}

void RuleFigures::add(const Matcher& matcher) {
  add(*matcher.rules(), matcher.match_counts(), matcher.costs());
}

void RuleFigures::add(const RuleSet& rules, std::span<const std::uint64_t> matches,
                      std::span<const RuleCost> costs) {
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (matches[i] == 0 && costs[i].evaluations == 0) {
      continue;
    }
    const Rule& rule = rules.rules()[i];
    metrics::RuleCounts& sum = by_name_[rule.name];
    sum.name = rule.name;
    sum.source = rule.source;
    sum.priority = rule.priority;
    sum.tags = rule.tags;
    sum.matches += matches[i];
    sum.evaluations += costs[i].evaluations;
    sum.time_ns += costs[i].time_ns;
  }
}

std::vector<metrics::RuleCounts> RuleFigures::list(const RuleSet& rules) const {
  auto left = by_name_;
  std::vector<metrics::RuleCounts> counts;
  for (const Rule& rule : rules.rules()) {
    if (!rule.is_enabled) {
      continue;
    }
    const auto known = left.extract(rule.name);
    counts.push_back(known.empty() ? metrics::RuleCounts{.name = rule.name,
                                                         .source = rule.source,
                                                         .priority = rule.priority,
                                                         .tags = rule.tags}
                                   : known.mapped());
  }
  for (auto& [name, gone] : left) {
    counts.push_back(std::move(gone));
  }
  return counts;
}

std::vector<metrics::RuleCounts> LoopFigures::rule_counts() const {
  if (rules == nullptr) {
    return {};
  }
  RuleFigures all = earlier;
  all.add(*rules, match_counts, costs);
  return all.list(*rules);
}

LoopFigures FiguresBoard::get(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const std::uint64_t before = version_;
  is_wanted_.store(true, std::memory_order_relaxed);
  published_.wait_for(lock, patience, [&] { return version_ != before; });
  return figures_;
}

}  // namespace saker::app
