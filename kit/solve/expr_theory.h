// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What the values of one expression can make of the checks on it. Every check on the expression is
// a variable; an expression has exactly one of: no value, one of the constants that the checks name
// (tried with the evaluator), or some other value, for which the checks are free but for relations
// that always hold (startswith /etc/ssh needs startswith /etc). Too much is thought possible, never
// too little, so "cannot be" is a proof.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/eval/predicate.h"
#include "kit/solve/sat_solver.h"

namespace saker::kit {

// A value that an expression was given by a model.
struct ChosenValue {
  bool is_missing = false;
  std::vector<std::string> texts;  // one; several for lists and ancestors
};

struct PredicateVariable {
  PredicateId id{};
  SatLiteral literal;
};

class ExprTheory {
public:
  // `checks`: all predicates on the expression. Adds variables and clauses.
  ExprTheory(const BoundExpr& expr, std::vector<PredicateVariable> checks,
             const PredicateTable& predicates, SatSolver& solver);

  // A value that makes the checks what the model says, tried with the evaluator; nothing when none
  // was found.
  [[nodiscard]] std::optional<ChosenValue> choose(const std::vector<bool>& model) const;

  // That the expression has no value.
  [[nodiscard]] SatLiteral missing() const { return missing_; }

private:
  struct Candidate {
    std::string text;
    SatLiteral literal;
  };

  void add_candidates(SatSolver& solver);
  void add_other(SatSolver& solver);
  void relate_patterns(SatSolver& solver, SatLiteral other);
  [[nodiscard]] bool fits(const std::vector<std::string>& texts,
                          const std::vector<bool>& model) const;
  [[nodiscard]] bool evaluate(const Predicate& predicate,
                              const std::vector<std::string>& texts) const;

  const BoundExpr& expr_;
  std::vector<PredicateVariable> checks_;
  const PredicateTable& predicates_;
  bool is_simple_ = true;  // one value per event, compared with constants
  SatLiteral missing_;
  std::vector<Candidate> candidates_;
};

}  // namespace saker::kit
