// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/operators.h"

#include <algorithm>

namespace saker {

namespace {

template <typename Rows>
std::optional<CompareOp> find_row(const Rows& rows, std::string_view text) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [text](const OperatorRow& row) { return row.text == text; });
  return found == rows.end() ? std::nullopt : std::optional<CompareOp>(found->op);
}

}  // namespace

std::optional<OperatorName> find_operator(std::string_view text) {
  if (const auto op = find_row(kListOperators, text)) {
    return OperatorName{.op = *op, .takes_list = true};
  }
  if (const auto op = find_row(kNumberOperators, text)) {
    return OperatorName{.op = *op};
  }
  if (const auto op = find_row(kStringOperators, text)) {
    return OperatorName{.op = *op};
  }
  const std::size_t blank = text.find(' ');
  const auto op = find_row(kStringOperators, text.substr(0, blank));
  if (blank == std::string_view::npos || !op) {
    return std::nullopt;
  }
  for (const OpModifier modifier : kModifiers) {
    if (text.substr(blank + 1) == to_text(modifier)) {
      return OperatorName{.op = *op, .modifier = modifier, .takes_list = true};
    }
  }
  return std::nullopt;
}

}  // namespace saker
