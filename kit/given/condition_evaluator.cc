// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/given/condition_evaluator.h"

namespace saker {

bool ConditionEvaluator::evaluate(const Node& tree, const FieldContext& context) {
  bool result = tree.kind != NodeKind::kOr;
  switch (tree.kind) {
    case NodeKind::kAnd:
    case NodeKind::kOr:
      for (const auto& child : tree.children) {
        const bool is_true = evaluate(*child, context);
        result = tree.kind == NodeKind::kAnd ? result && is_true : result || is_true;
      }
      break;
    case NodeKind::kNot:
      result = !evaluate(*tree.children.front(), context);
      break;
    case NodeKind::kMacro:
      result = false;
      break;
    case NodeKind::kCheck:
      result = evaluate_check(tree, context);
      break;
  }
  truths_[&tree] = result;
  return result;
}

bool ConditionEvaluator::evaluate_check(const Node& node, const FieldContext& context) {
  auto known = known_.find(&node);
  if (known == known_.end()) {
    auto bound = bind_check(node.check, fields_, true);
    if (!bound) {
      return false;
    }
    known = known_.emplace(&node, predicates_.add(std::move(*bound))).first;
  }
  const Predicate& predicate = predicates_.get(known->second);
  const Value left = evaluate_operand(predicates_.expr(predicate.left), context);
  const Value right = predicate.right == ExprId::kNone
                          ? Value()
                          : evaluate_operand(predicates_.expr(predicate.right), context);
  return evaluate_predicate(predicate, left, right, context.arena, context.host_names);
}

}  // namespace saker
