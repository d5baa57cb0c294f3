// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rules of subcommands that take rule files as arguments and no configuration.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ruleset/ruleset.h"

namespace saker::app {

// Loads the files and folders in order. What is wrong with them is in the error's message, as text
// for people.
[[nodiscard]] Result<std::shared_ptr<const RuleSet>> load_rules_of_command(
    const std::vector<std::string>& paths);

}  // namespace saker::app
