// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What `falco -V` says of rule files: Falco's view of a load, in its text and in its JSON. There
// each file has at most one error, the first. Beside it stands our own view with all
// problems: in the text on standard error, in the JSON under the key "saker_diagnostics".
// Source: falco-compat.md 2.9.
#pragma once

#include <string>
#include <vector>

#include "rules/loader/load_rules.h"

namespace saker::cli {

enum class ValidationFormat : std::uint8_t { kText, kJson };

struct ValidationReport {
  bool is_valid = true;               // exit status 0
  std::string output;                 // for standard output, line end included; may be empty
  std::vector<std::string> warnings;  // log lines at warning level; text format only
  // For standard error: behind "Error: ", or, of a run-time error, the whole line.
  std::string error;
  bool is_runtime_error = false;
  // Every problem in our form, for the end of standard error; text format only.
  std::string diagnostics;
};

// `description`: with -L, what to append to the output; may be null.
[[nodiscard]] ValidationReport report_validation(const LoadResult& loaded, ValidationFormat format,
                                                 const RulesDescription* description = nullptr);

}  // namespace saker::cli
