// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <map>
#include <span>
#include <string>

#include "kit/lint/finding.h"

namespace saker::kit {

// Texts of the files that fixes change, by file name. Of fixes that touch the same bytes the first
// wins; running again does the rest.
[[nodiscard]] std::map<std::string, std::string> apply_fixes(std::span<const Finding> findings,
                                                             const SourceMap& sources);

}  // namespace saker::kit
