// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Checks of what the operator wrote: configuration, rules, outputs; and of a running instance.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/doctor/finding.h"
#include "compat/cli/flags.h"
#include "compat/config/config.h"

namespace saker::app {

// Reads the configuration of `flags`; nothing when it cannot be used.
[[nodiscard]] std::optional<config::Config> check_config(const cli::Flags& flags,
                                                         std::vector<Finding>& findings);

void check_rules(const cli::Flags& flags, const config::Config& config,
                 std::vector<Finding>& findings);

// Builds every output; with `sends` also sends a test alert through each.
void check_outputs(const config::Config& config, bool sends, std::vector<Finding>& findings);

// Asks a running instance for its health and its ledger. `url`: of its /metrics; empty: what the
// configuration's webserver says.
void check_instance(const config::Config& config, const std::string& url,
                    std::vector<Finding>& findings);

}  // namespace saker::app
