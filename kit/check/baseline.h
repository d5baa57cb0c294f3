// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Findings that were accepted: a text file with one fingerprint a line, the rest of the line is for
// readers. Lines may move in the rule files without making a finding new.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "kit/lint/finding.h"

namespace saker::kit {

[[nodiscard]] std::set<std::string> read_baseline(std::string_view text);
[[nodiscard]] std::string baseline_text(std::span<const Finding> findings,
                                        const SourceMap& sources);

}  // namespace saker::kit
