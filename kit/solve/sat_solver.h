// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A small satisfiability solver: clause learning, two watched literals, assumptions. Enough for the
// questions of lints (some thousand variables, each question mostly propagation).
//
//   SatSolver solver;
//   const Literal a = solver.add_variable(), b = solver.add_variable();
//   solver.add_clause({a, b});
//   solver.solve({~a}, 1000) == SatAnswer::kYes;   // and solver.model(b)
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace saker::kit {

// A variable or its negation.
struct SatLiteral {
  std::uint32_t code = 0;  // twice the variable, plus one when negated

  [[nodiscard]] std::uint32_t variable() const { return code >> 1U; }
  [[nodiscard]] bool is_negated() const { return (code & 1U) != 0; }
  SatLiteral operator~() const { return {code ^ 1U}; }
  friend auto operator<=>(const SatLiteral&, const SatLiteral&) = default;
};

enum class SatAnswer : std::uint8_t { kYes, kNo, kUnknown };

class SatSolver {
public:
  // Returns the new variable as a literal. Later variables are chosen later, and false first.
  SatLiteral add_variable();
  void add_clause(std::span<const SatLiteral> literals);
  void add_clause(std::initializer_list<SatLiteral> literals) {
    add_clause(std::span(literals.begin(), literals.size()));
  }

  // Whether all clauses and assumptions can hold together; kUnknown after `max_conflicts`.
  [[nodiscard]] SatAnswer solve(std::span<const SatLiteral> assumptions, std::size_t max_conflicts);

  // After kYes: the truth of every variable, by number.
  [[nodiscard]] const std::vector<bool>& model() const { return model_; }

private:
  using ClauseIndex = std::uint32_t;
  static constexpr ClauseIndex kNoReason = 0xffffffff;
  enum class Truth : std::uint8_t { kFalse, kTrue, kOpen };

  [[nodiscard]] Truth truth(SatLiteral literal) const;
  [[nodiscard]] std::uint32_t level() const { return static_cast<std::uint32_t>(starts_.size()); }
  void assign(SatLiteral literal, ClauseIndex reason);
  // Index of a clause that became false, or kNoReason.
  ClauseIndex propagate();
  void backtrack(std::uint32_t to_level);
  // Learns from a conflict; false when there is no way out.
  bool learn(ClauseIndex conflict);
  ClauseIndex attach(std::vector<SatLiteral> literals);
  // The next open variable as a decision; false when all are assigned.
  bool decide();

  std::vector<std::vector<SatLiteral>> clauses_;
  std::vector<std::vector<ClauseIndex>> watches_;  // by literal: clauses that watch its negation
  std::vector<Truth> values_;                      // by variable
  std::vector<std::uint32_t> levels_;
  std::vector<ClauseIndex> reasons_;
  std::vector<bool> seen_;
  std::vector<SatLiteral> trail_;
  std::vector<std::size_t> starts_;  // of levels, in the trail
  std::size_t next_propagation_ = 0;
  std::uint32_t next_decision_ = 0;
  bool is_impossible_ = false;  // the clauses alone contradict each other
  std::vector<bool> model_;
};

}  // namespace saker::kit
