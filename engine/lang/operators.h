// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The operators of conditions: spellings and what each takes on its right side.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/lang/ast.h"

namespace saker {

struct OperatorRow {
  CompareOp op;
  std::string_view text;
  bool needs_blank;  // behind the operator; without it the text is no operator
};

// In the order in which the parser tries them: a longer operator stands before its own beginning.
inline constexpr std::array<OperatorRow, 1> kUnaryOperators{
    {{CompareOp::kExists, "exists", false}}};
// Take a number.
inline constexpr std::array<OperatorRow, 4> kNumberOperators{{{CompareOp::kLe, "<=", false},
                                                              {CompareOp::kLt, "<", false},
                                                              {CompareOp::kGe, ">=", false},
                                                              {CompareOp::kGt, ">", false}}};
// Take a string, or with a modifier a list.
inline constexpr std::array<OperatorRow, 12> kStringOperators{
    {{CompareOp::kEq, "==", false},
     {CompareOp::kEq, "=", false},
     {CompareOp::kNe, "!=", false},
     {CompareOp::kGlob, "glob", true},
     {CompareOp::kIglob, "iglob", true},
     {CompareOp::kContains, "contains", true},
     {CompareOp::kIcontains, "icontains", true},
     {CompareOp::kBcontains, "bcontains", true},
     {CompareOp::kStartswith, "startswith", true},
     {CompareOp::kBstartswith, "bstartswith", true},
     {CompareOp::kEndswith, "endswith", true},
     {CompareOp::kRegex, "regex", true}}};
// Take a list.
inline constexpr std::array<OperatorRow, 3> kListOperators{
    {{CompareOp::kIntersects, "intersects", false},
     {CompareOp::kIn, "in", false},
     {CompareOp::kPmatch, "pmatch", false}}};
inline constexpr std::array<OpModifier, 3> kModifiers{OpModifier::kOneof, OpModifier::kAnyof,
                                                      OpModifier::kAllof};

// An operator as an exception names it: with two sides, perhaps with a modifier.
struct OperatorName {
  CompareOp op = CompareOp::kEq;
  OpModifier modifier = OpModifier::kNone;
  bool takes_list = false;
};

// Returns the operator that `text` names ("=", "in", "startswith oneof", one blank between), or
// nothing. `exists` has no right side and is not among them.
[[nodiscard]] std::optional<OperatorName> find_operator(std::string_view text);

}  // namespace saker
