// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>
#include <vector>

#include "compat/cli/flags.h"
#include "compat/config/config.h"
#include "engine/base/result.h"

namespace saker::cli {

// What --support prints: versions, system, command line, configuration and rule files as one line
// of JSON, without secrets (redact_text.h). `config_path`: empty or missing file: no configuration
// text.
[[nodiscard]] Result<std::string> support_json(const std::string& config_path,
                                               const std::vector<std::string>& arguments,
                                               const Flags& flags, const config::Config& config);

}  // namespace saker::cli
