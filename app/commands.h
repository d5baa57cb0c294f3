// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The table of subcommands (compat/cli/subcommand.h). A new one is a row in commands.cc and a
// function `int run_NAME(std::span<const std::string> rest)` in a file of its own.
#pragma once

#include <span>

#include "compat/cli/subcommand.h"

namespace saker::app {

// In the order of the help text.
[[nodiscard]] std::span<const cli::Subcommand> all_subcommands();

}  // namespace saker::app
