// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// How other threads get at the event thread's numbers: they ask on a board, and the event thread
// copies its numbers there between two batches. It never waits for them; without a question it
// reads one flag per batch.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "compat/metrics/snapshot.h"
#include "engine/event/event_view.h"
#include "engine/ruleset/matcher.h"

namespace saker::app {

// Events by type; generic ones by their system call.
class TypeCounts {
public:
  void add(const EventView& event);
  // Names as evt.type prints them, those that occurred, sorted.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> by_name() const;

private:
  static constexpr std::size_t kCodes = 512;  // of system calls; larger ones count as the last
  std::array<std::uint64_t, kEventTypeCount> types_{};
  std::array<std::uint64_t, kCodes> codes_{};
};

// Numbers of rules, over several rule sets when rules were exchanged. Rules are told apart by their
// names.
class RuleFigures {
public:
  void add(const Matcher& matcher);
  void add(const RuleSet& rules, std::span<const std::uint64_t> matches,
           std::span<const RuleCost> costs);
  // Of `rules` in load order, then of rules that are no more but matched.
  [[nodiscard]] std::vector<metrics::RuleCounts> list(const RuleSet& rules) const;

private:
  std::map<std::string, metrics::RuleCounts, std::less<>> by_name_;
};

struct LoopFigures {
  std::uint64_t events_processed = 0;
  std::uint64_t thread_count = 0;
  std::uint64_t fd_count = 0;
  TypeCounts types;
  std::shared_ptr<const RuleSet> rules;  // null: the loop has not run yet
  std::vector<std::uint64_t> match_counts;
  std::vector<RuleCost> costs;
  RuleFigures earlier;  // of rule sets that were exchanged

  [[nodiscard]] std::vector<metrics::RuleCounts> rule_counts() const;
};

class FiguresBoard {
public:
  // For the event thread.
  [[nodiscard]] bool is_wanted() const { return is_wanted_.load(std::memory_order_relaxed); }
  // Calls fill(LoopFigures&) unless somebody is reading this very moment.
  template <typename Fill>
  void publish(Fill fill) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock()) {
      return;
    }
    fill(figures_);
    ++version_;
    is_wanted_.store(false, std::memory_order_relaxed);
    published_.notify_all();
  }

  // For all others: asks and waits so long for an answer; then what was last published.
  [[nodiscard]] LoopFigures get(std::chrono::milliseconds patience);

private:
  std::atomic<bool> is_wanted_{false};
  std::mutex mutex_;
  std::condition_variable published_;
  std::uint64_t version_ = 0;
  LoopFigures figures_;
};

}  // namespace saker::app
