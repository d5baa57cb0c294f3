// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The kit's subcommands, as app/commands.cc calls them: what follows the name comes in, the exit
// status goes out.
#pragma once

#include <span>
#include <string>

#include "kit/explain/watch_machine.h"

namespace saker::kit {

// 0: nothing at or above --fail-on; 1: findings; 2: the rules do not load; 3: wrong usage.
[[nodiscard]] int run_check(std::span<const std::string> rest);

// 0: all tests pass; 1: some fail, or the coverage is too small; 2: the rules do not load; 3:
// usage.
[[nodiscard]] int run_test(std::span<const std::string> rest);

// 0: explained; 1: there is no such event; 2: the rules do not load; 3: wrong usage.
// `watch` gives the events of --live.
[[nodiscard]] int run_explain(std::span<const std::string> rest, const WatchMachine& watch);

// 0: done; 1: with --check, a file is not formatted, or one cannot be; 3: wrong usage.
[[nodiscard]] int run_fmt(std::span<const std::string> rest);

// 0: no difference; 1: differences; 2: rules do not load; 3: wrong usage.
[[nodiscard]] int run_diff(std::span<const std::string> rest);

// 0: exceptions are written; 1: there are none; 2: rules do not load or an attack would be hidden;
// 3: wrong usage.
[[nodiscard]] int run_suggest_exceptions(std::span<const std::string> rest);

// 0: the editor shut it down; 1: the input ended; 3: wrong usage.
[[nodiscard]] int run_lsp(std::span<const std::string> rest);

}  // namespace saker::kit
