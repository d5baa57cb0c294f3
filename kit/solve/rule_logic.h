// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Questions about conditions: can this be true, can these be true together, does one follow from
// the other. All conditions of a rule set share one solver; each check is a variable, tied to the
// others on the same expression (expr_theory.h) and to the event types that decide it.
//
//   RuleLogic logic(fields);
//   const auto rule = logic.literal_of(*tree);
//   logic.finish();
//   logic.ask({*rule}) == SatAnswer::kNo    // no event can match: a proof
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/eval/type_facts.h"
#include "engine/field/field_catalogue.h"
#include "kit/solve/expr_theory.h"
#include "kit/solve/sat_solver.h"
#include "kit/solve/witness.h"

namespace saker::kit {

class RuleLogic {
public:
  explicit RuleLogic(const FieldCatalogue& fields);

  // The truth of a condition without macros, which must live as long as the logic. Nothing when it
  // does not compile.
  [[nodiscard]] std::optional<SatLiteral> literal_of(const Node& node);

  // After the last check was added: ties checks to values and event types.
  void finish();

  // Whether some event makes all literals true. kNo is a proof; kYes may be an event that cannot
  // happen, so claims that rest on it need a witness.
  [[nodiscard]] SatAnswer ask(std::span<const SatLiteral> literals);
  [[nodiscard]] SatAnswer ask(std::initializer_list<SatLiteral> literals) {
    return ask(std::span(literals.begin(), literals.size()));
  }

  // That the left side of a check (a part of a condition that was added) has no value.
  [[nodiscard]] std::optional<SatLiteral> missing(const Node& check) const;

  // After kYes: an event, confirmed by the evaluator, for which the conditions have the expected
  // truth (what was asked for). Nothing when none was found.
  [[nodiscard]] std::optional<Witness> witness(const std::vector<Expectation>& expected);

  [[nodiscard]] WitnessChecker& checker() { return checker_; }

private:
  static constexpr std::size_t kMaxConflicts = 3000;
  static constexpr std::size_t kMaxModels = 400;

  [[nodiscard]] std::optional<SatLiteral> build(const Node& node);
  [[nodiscard]] SatLiteral gate(bool is_and, std::vector<SatLiteral> inputs);
  void add_event_types();
  void collect_checks(const Node& node, std::vector<const Node*>& out) const;

  const FieldCatalogue& fields_;
  SatSolver solver_;
  PredicateTable predicates_;
  std::vector<SatLiteral> predicate_literals_;  // by PredicateId
  std::unordered_map<const Node*, PredicateId> checks_;
  std::unordered_map<const Node*, SatLiteral> literals_;
  std::map<std::pair<bool, std::vector<SatLiteral>>, SatLiteral> gates_;
  std::map<ExprId, std::unique_ptr<ExprTheory>> theories_;
  std::vector<std::pair<SatLiteral, EventType>> type_literals_;
  std::vector<std::vector<bool>> models_;  // answers so far: often they answer the next question
  std::size_t last_model_ = 0;
  TypeFacts facts_;
  WitnessChecker checker_;
};

}  // namespace saker::kit
