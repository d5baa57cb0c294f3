// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// All lints: code, severity, what each says. docs/lints.md is made from this table.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/diagnostics.h"

namespace saker::kit {

struct LintInfo {
  std::string_view code;
  Severity severity;
  bool has_fix;
  std::string_view summary;  // one sentence
  std::string_view details;  // what it means, when it is right to ignore it, an example
};

// By code.
[[nodiscard]] std::span<const LintInfo> all_lints();
// Null when there is none.
[[nodiscard]] const LintInfo* find_lint(std::string_view code);
// The page docs/lints.md.
[[nodiscard]] std::string lints_markdown();

}  // namespace saker::kit
