// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Canonical form of rule files: one blank line between items, keys in a fixed order, conditions and
// lists wrapped at 120 columns. Works on lines, so comments stay where they are; the result is
// compared with the original as YAML, and given up when it says anything else.
//
//   Formatted out = format_rules(text);   // out.text, equal to `text` when nothing is to do
#pragma once

#include <string>
#include <string_view>

namespace saker::kit {

struct Formatted {
  std::string text;
  // Not empty: the file is left as it was, and why.
  std::string problem;
};

[[nodiscard]] Formatted format_rules(std::string_view text);

// Whether two rule files hold the same items: equal keys and values, in whatever order and style;
// conditions and descriptions may differ in blanks.
[[nodiscard]] bool has_same_items(std::string_view a, std::string_view b);

}  // namespace saker::kit
