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

}  // namespace

double predicate_cost(const Predicate& predicate) {
  double cost = guess_of(predicate.op).cost;
  if (predicate.value_class == ValueClass::kText || predicate.value_class == ValueClass::kBytes) {
    cost *= 2;
  }
  if (predicate.quantifier == Quantifier::kAncestors) {
    cost *= 6;
  }
  return cost;
}

double predicate_likelihood(const Predicate& predicate) {
  return guess_of(predicate.op).likelihood;
}

}  // namespace saker
