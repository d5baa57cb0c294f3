// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The exceptions of a rule as text of its condition:
//
//   (evt.type = open) and not (proc.name in (a, b)) and not ((fd.name startswith /x and ...) or
//   (...))
//
// It is text because the names of lists in it are replaced like those of the condition. Checking
// the structure (known fields, operators, equal lengths) is the loader's work, before it comes
// here.
#pragma once

#include <span>
#include <vector>

#include "engine/lang/spanned_text.h"

namespace saker {

// One element of a tuple: a scalar (one item) or a list.
struct ExceptionValue {
  std::vector<SourceText> items;
  bool is_list = false;
};

// One exception with its values. With `is_single` (the fields of the file are a scalar) there is
// one field, one operator, and each tuple is one scalar; otherwise every tuple has as many values
// as there are fields and operators. Operators are trimmed names that
// find_operator() (operators.h) knows.
struct ExceptionText {
  bool is_single = false;
  std::vector<SourceText> fields;
  std::vector<SourceText> operators;
  std::vector<std::vector<ExceptionValue>> tuples;
};

// Returns the condition with its exceptions. Without exceptions it stays as it is, otherwise it is
// put in parentheses, even if no exception has values.
[[nodiscard]] SpannedText add_exceptions(const SpannedText& condition,
                                         std::span<const ExceptionText> exceptions);

}  // namespace saker
