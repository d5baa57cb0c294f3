// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rule files with one defect each, and their clean twins: what `saker check` must find, and where
// it must be silent.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace saker::kit::testing {

// `defect` and `clean` are rule files when they begin with "- ", else conditions of a rule that has
// everything else.
struct SeededDefect {
  std::string_view code;
  std::string_view name;
  std::string_view defect;
  std::string_view clean;
};

[[nodiscard]] std::span<const SeededDefect> seeded_defects();
[[nodiscard]] std::string rule_file_of(std::string_view text);

}  // namespace saker::kit::testing
