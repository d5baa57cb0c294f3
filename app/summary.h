// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What is printed at the end of a run. Source: falco-compat.md 3.4.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/ruleset/ruleset.h"

namespace saker::app {

// "Events detected: N" and the lists by severity and by rule, for standard output. `match_counts`
// is indexed by RuleId; rules appear in load order, those without a match are left out.
[[nodiscard]] std::string alert_summary(const RuleSet& rules,
                                        std::span<const std::uint64_t> match_counts);

// "Syscall event drop monitoring:" with its two lines, for standard error.
[[nodiscard]] std::string drop_summary(std::uint64_t drop_seconds, std::uint64_t actions);

}  // namespace saker::app
