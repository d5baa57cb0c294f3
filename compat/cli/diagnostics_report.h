// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Every problem of a load in our own form (docs/diagnostics.md), where Falco tells one per file.
#pragma once

#include <string>

#include "rules/loader/load_rules.h"

namespace saker::cli {

// All of them in the order of the files, and how many were not kept; empty when there are none.
[[nodiscard]] std::string diagnostics_text(const LoadResult& loaded);

// An object {"problems": […], "not_shown": N}; each problem with severity, code, falco_code, file,
// line and column (both from 1), length, text of the line (empty when it is long), message, hint
// and notes.
[[nodiscard]] std::string diagnostics_json(const LoadResult& loaded);

}  // namespace saker::cli
