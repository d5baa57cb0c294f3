// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// `saker spool …` and `saker outputs test`. Each prints and returns the exit status.
#pragma once

#include <span>
#include <string>

#include "compat/config/config.h"

namespace saker::app {

// Words behind `spool`: list|drain|check PATH, with --set-aside for list. PATH: a spool, or a
// folder of them.
[[nodiscard]] int run_spool_command(std::span<const std::string> words);

// Words behind `outputs`: test and flags.
[[nodiscard]] int run_outputs_command(std::span<const std::string> words);

// Sends a test alert through every output of the configuration.
[[nodiscard]] int run_outputs_test(const config::Config& config);

}  // namespace saker::app
