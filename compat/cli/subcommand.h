// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What `saker` understands beyond Falco's flags: a word in the first place. The rows of the table
// are in app/commands.cc, since they call every part; this is what a row is, and how one is found
// and described. Called as `falco` there are none.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace saker::cli {

struct Subcommand {
  std::string_view name;
  std::string_view arguments;  // as the help shows them: "FILE [OPTION...]"
  std::string_view meaning;    // one line
  // What `saker NAME --help` says below that: paragraphs and examples, lines of at most 100.
  std::string_view details;
  // What the shell offers behind the name, with blanks between: words and options of its own.
  std::string_view words;
  // Exactly one of the two. rewrite: flags that stand for the subcommand and what follows it. run:
  // does it, prints, and returns the exit status; `rest` is what follows the name.
  Result<std::vector<std::string>> (*rewrite)(std::span<const std::string> rest) = nullptr;
  int (*run)(std::span<const std::string> rest) = nullptr;
};

// The row that `arguments` (without the program's name) begin with, if `program` (argv[0], possibly
// with a path) is saker; else null.
[[nodiscard]] const Subcommand* find_subcommand(std::span<const Subcommand> table,
                                                std::string_view program,
                                                std::span<const std::string> arguments);

// Why `word`, which is no subcommand, cannot stand in the first place; names the closest one.
[[nodiscard]] std::string unknown_subcommand(std::span<const Subcommand> table,
                                             std::string_view word);

// What `saker --help` says about subcommands, and `saker NAME --help` about one.
[[nodiscard]] std::string subcommands_help(std::span<const Subcommand> table);
[[nodiscard]] std::string subcommand_help(const Subcommand& command);

// True if the words ask for help: -h or --help before any `--`.
[[nodiscard]] bool wants_help(std::span<const std::string> words);

}  // namespace saker::cli
