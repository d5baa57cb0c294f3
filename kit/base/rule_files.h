// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "rules/loader/load_rules.h"

namespace saker::kit {

// The files' texts, as the loader takes them, in order.
[[nodiscard]] Result<std::vector<RuleFile>> read_rule_files(const std::vector<std::string>& paths);

}  // namespace saker::kit
