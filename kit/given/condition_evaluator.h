// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Evaluates a tree for one event and remembers the truth of every part: for macros (which have no
// compiled form of their own), witnesses, coverage and explanations. Uses the engine's predicates;
// only the walk over and, or, not is its own. Nothing is skipped, so every part has a truth.
//
//   ConditionEvaluator evaluator(catalogue);
//   evaluator.evaluate(*tree, context);
//   evaluator.truth(*tree->children[0]);
#pragma once

#include <unordered_map>

#include "engine/eval/predicate.h"
#include "engine/lang/ast.h"

namespace saker {

class ConditionEvaluator {
public:
  explicit ConditionEvaluator(const FieldCatalogue& fields) : fields_(fields) {}

  // `tree` has no macros, compiles, and lives as long as the evaluator.
  bool evaluate(const Node& tree, const FieldContext& context);

  // Of a part of the tree that was evaluated last.
  [[nodiscard]] bool truth(const Node& part) const { return truths_.at(&part); }
  // The predicate of a check that was evaluated before.
  [[nodiscard]] const Predicate& predicate(const Node& check) const {
    return predicates_.get(known_.at(&check));
  }
  [[nodiscard]] const BoundExpr& left(const Node& check) const {
    return predicates_.expr(predicate(check).left);
  }
  // Null when the right side is no field.
  [[nodiscard]] const BoundExpr* right(const Node& check) const {
    const ExprId id = predicate(check).right;
    return id == ExprId::kNone ? nullptr : &predicates_.expr(id);
  }

private:
  bool evaluate_check(const Node& node, const FieldContext& context);

  const FieldCatalogue& fields_;
  PredicateTable predicates_;
  std::unordered_map<const Node*, PredicateId> known_;
  std::unordered_map<const Node*, bool> truths_;
};

}  // namespace saker
