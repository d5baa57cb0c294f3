// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What `saker` understands beyond Falco's flags: a word in the first place. Each subcommand is
// rewritten into flags, so that there is one way through the program. Called as `falco` there are
// none.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace saker::cli {

struct Subcommand {
  std::string_view name;
  std::string_view arguments;  // for the help text
  std::string_view meaning;
  // Flags that stand for the subcommand and what follows it.
  Result<std::vector<std::string>> (*rewrite)(std::span<const std::string> rest);
};

[[nodiscard]] std::span<const Subcommand> all_subcommands();

// Rewrites `arguments` (without the program's name) when they begin with a subcommand and `program`
// (argv[0], possibly with a path) is saker; otherwise returns them as they are.
[[nodiscard]] Result<std::vector<std::string>> rewrite_subcommand(
    std::string_view program, std::span<const std::string> arguments);

}  // namespace saker::cli
