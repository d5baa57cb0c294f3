// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "rules/loader/load_rules.h"

namespace saker::app {

enum class MissingPath : std::uint8_t { kIsError, kIsSkipped };

// Rule files that `paths` stand for, in order: a path itself, or the *.yaml and *.yml files of a
// folder by name. Files with another ending are left out. A path that does not exist is an error
// (-r) or skipped (rules_files). Source: falco-compat.md 4.1, 4.3.
[[nodiscard]] Result<std::vector<std::string>> resolve_rule_files(
    const std::vector<std::string>& paths, MissingPath missing);

// The files' texts, as the loader takes them.
[[nodiscard]] Result<std::vector<RuleFile>> read_rule_files(const std::vector<std::string>& paths);

}  // namespace saker::app
