// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Syntax tree to text: the canonical form that `falco -L` shows as condition_compiled.
//
//   ((a.b = x or a.b = "y z") and not c.d in (1, 2))
//
// Parsing the text gives an equal tree, except where Falco's own form loses something: an empty
// value, or one with parentheses, a comma or a final backslash, is not quoted so that it reads
// back, `not not x` (from `not (not x)`) reads back as `x`, a parenthesised group that is the only
// child of the root loses nothing.
#pragma once

#include <string>

#include "engine/lang/ast.h"

namespace saker {

[[nodiscard]] std::string print(const Node& node);
[[nodiscard]] std::string print(const Expr& expr);
[[nodiscard]] std::string print(const Check& check);

// Compare trees by meaning of the text: spans, expansions and whether a constant was quoted or is a
// number do not count; `=` and `==` differ.
[[nodiscard]] bool equal(const Node& a, const Node& b);
[[nodiscard]] bool equal(const Expr& a, const Expr& b);

}  // namespace saker
