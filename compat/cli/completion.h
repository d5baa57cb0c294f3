// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What shells and `man` want to know of the command line, made from the tables of flags and
// subcommands, so that it is never out of date.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "compat/cli/subcommand.h"

namespace saker::cli {

// A script for "bash", "zsh" or "fish" that completes both `saker` and `falco`. Fails for others.
[[nodiscard]] Result<std::string> completion_script(std::string_view shell,
                                                    std::span<const Subcommand> commands);

// man_page.cc: saker(8) in roff.
[[nodiscard]] std::string man_page(std::span<const Subcommand> commands);

}  // namespace saker::cli
