// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/predicate_cost.h"

namespace saker {

namespace {

struct Guess {
  double cost = 1;
  double likelihood = 0.5;
};

Guess guess_of(CompareOp op) {
  switch (op) {
    case CompareOp::kExists:
      return {.cost = 0.5, .likelihood = 0.9};
    case CompareOp::kEq:
    case CompareOp::kBstartswith:
      return {.cost = 1, .likelihood = 0.1};
    case CompareOp::kNe:
      return {.cost = 1, .likelihood = 0.9};
    case CompareOp::kLt:
    case CompareOp::kLe:
    case CompareOp::kGt:
    case CompareOp::kGe:
      return {.cost = 1, .likelihood = 0.5};
    case CompareOp::kStartswith:
    case CompareOp::kEndswith:
      return {.cost = 1, .likelihood = 0.1};
    case CompareOp::kIn:
    case CompareOp::kIntersects:
      return {.cost = 2, .likelihood = 0.2};
    case CompareOp::kContains:
    case CompareOp::kIcontains:
    case CompareOp::kBcontains:
      return {.cost = 4, .likelihood = 0.1};
    case CompareOp::kPmatch:
      return {.cost = 6, .likelihood = 0.2};
    case CompareOp::kGlob:
    case CompareOp::kIglob:
      return {.cost = 10, .likelihood = 0.2};
    case CompareOp::kRegex:
      return {.cost = 30, .likelihood = 0.2};
  }
  return {};
}

// Time to get the value that is compared.
double cost_of(const BoundExpr& expr) {
  if (!expr.is_plain_field()) {
    double cost = 4;
    for (const BoundExpr& arg : expr.args) {
      cost += cost_of(arg);
    }
    return cost;
  }
  const FieldInfo& field = *expr.field.info;
  const bool is_built = field.class_name == "evt" && expr.type == ParamType::kCharbuf;
  const bool is_path = field.class_name == "fd" && expr.type == ParamType::kCharbuf;
  double cost = is_built ? 8 : is_path ? 3 : 1;
  if (expr.field.quantifier == Quantifier::kAncestors) {
    cost *= 6;
  }
  return cost;
}

}  // namespace

double predicate_cost(const PredicateTable& predicates, PredicateId id) {
  const Predicate& predicate = predicates.get(id);
  double cost = guess_of(predicate.op).cost;
  if (predicate.value_class == ValueClass::kText || predicate.value_class == ValueClass::kBytes) {
    cost *= 2;
  }
  cost += cost_of(predicates.expr(predicate.left));
  if (predicate.right != ExprId::kNone) {
    cost += cost_of(predicates.expr(predicate.right));
  }
  // Such an answer is kept for the process' next events.
  return predicate.is_process_fact() ? cost / 2 : cost;
}

double predicate_likelihood(const PredicateTable& predicates, PredicateId id) {
  return guess_of(predicates.get(id).op).likelihood;
}

}  // namespace saker
