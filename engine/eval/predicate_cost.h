// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rough guesses about predicates, to order them and to show plans. Never decide a verdict.
#pragma once

#include "engine/eval/predicate.h"

namespace saker {

// Time to evaluate once, relative to comparing two numbers.
[[nodiscard]] double predicate_cost(const PredicateTable& predicates, PredicateId id);

// How often it holds, between 0 and 1.
[[nodiscard]] double predicate_likelihood(const PredicateTable& predicates, PredicateId id);

}  // namespace saker
