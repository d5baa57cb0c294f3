// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Comparisons of one value with constants or with another value. Chosen once at load time, so that
// the event path calls one function per check. Source: falco-compat.md 1.6.
#pragma once

#include "engine/base/arena.h"
#include "engine/eval/constants.h"
#include "engine/field/value.h"

namespace saker {

// `value` has a value and is of the class and list-ness that the test was chosen for.
using ValueTest = bool (*)(const Constants& constants, const Value& value, Arena& arena);

// The test for `op` and `modifier` on values of `value`'s class; `is_list`: on lists of them. Never
// null for combinations that operator_fault() lets through.
[[nodiscard]] ValueTest select_test(ValueClass value, bool is_list, CompareOp op,
                                    OpModifier modifier);

// Compares two values of the same class. Regex and pmatch are not possible.
[[nodiscard]] bool compare_values(ValueClass value, bool is_list, CompareOp op, const Value& left,
                                  const Value& right);

}  // namespace saker
