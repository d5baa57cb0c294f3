// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Orders the parts of often asked conditions anew by how often their checks held so far. Owned by
// one worker. Bounded: a few times per run, at growing distances, and only the entries that are
// asked most; between those times nothing is allocated.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/ruleset/rule_program.h"

namespace saker {

// How often a predicate was evaluated and how often it held.
struct PredicateTally {
  std::uint32_t evaluated = 0;
  std::uint32_t held = 0;

  void add(bool is_true) {
    evaluated += 1;
    held += is_true ? 1U : 0U;
    if (evaluated >= kMax) {  // keeps the ratio, and gives what is new more weight
      evaluated /= 2;
      held /= 2;
    }
  }

private:
  static constexpr std::uint32_t kMax = std::uint32_t{1} << 20;
};

class AdaptiveOrder {
public:
  static constexpr std::size_t kMaxRounds = 6;
  // Each round comes this many times later than the one before.
  static constexpr std::uint64_t kGrowth = 4;
  static constexpr std::size_t kMaxEntries = 512;
  static constexpr std::uint32_t kMinAsked = 64;

  // `program` must outlive the order. `first_round_after`: events; 0: never.
  AdaptiveOrder(const RuleProgram& program, std::uint64_t first_round_after);

  // Counts an event; true when a round is due.
  [[nodiscard]] bool note_event() { return ++events_ == next_round_; }
  // Orders anew by what the tallies, indexed by PredicateId, say.
  void adapt(std::span<const PredicateTally> tallies);

  struct Start {
    std::span<const Step> steps;
    StepIndex at = kReject;
  };
  // Where to run the entry, which counts as asked.
  [[nodiscard]] Start start_of(const TypeProgram& program, std::size_t entry) {
    Cell& cell = cells_[program.first_entry + entry];
    ++cell.asked;
    return cell.is_adapted ? Start{adapted_.steps(), cell.start}
                           : Start{program_.program().steps(), program.entries[entry].start};
  }

private:
  struct Cell {
    std::uint32_t asked = 0;
    StepIndex start = kReject;
    bool is_adapted = false;
  };
  struct Asked {
    std::uint32_t count = 0;
    const TypeProgram* program = nullptr;
    std::size_t entry = 0;
  };

  [[nodiscard]] std::vector<Asked> most_asked() const;

  const RuleProgram& program_;
  std::vector<Cell> cells_;
  Program adapted_;
  std::uint64_t events_ = 0;
  std::uint64_t next_round_;
  std::size_t rounds_ = 0;
};

}  // namespace saker
