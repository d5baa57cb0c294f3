// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/subcommand.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/base/edit_distance.h"

namespace saker::cli {

namespace {

constexpr std::size_t kHelpColumn = 14;

}  // namespace

std::string unknown_subcommand(std::span<const Subcommand> table, std::string_view word) {
  constexpr std::size_t kFarthest = 3;
  std::string text = "there is no subcommand '" + std::string(word) + "'";
  const Subcommand* closest = nullptr;
  std::size_t shortest = kFarthest;
  for (const Subcommand& command : table) {
    const std::size_t distance = edit_distance(word, command.name);
    if (distance < shortest) {
      shortest = distance;
      closest = &command;
    }
  }
  if (closest != nullptr) {
    text += "; did you mean '" + std::string(closest->name) + "'?";
  }
  return text + " (saker --help lists them)";
}

const Subcommand* find_subcommand(std::span<const Subcommand> table, std::string_view program,
                                  std::span<const std::string> arguments) {
  if (program.substr(program.rfind('/') + 1) != "saker" || arguments.empty()) {
    return nullptr;
  }
  const auto found =
      std::ranges::find(table, std::string_view(arguments.front()), &Subcommand::name);
  return found == table.end() ? nullptr : &*found;
}

std::string subcommands_help(std::span<const Subcommand> table) {
  std::string out = "Subcommands (saker NAME --help says more):\n";
  for (const Subcommand& command : table) {
    std::string line = "  " + std::string(command.name);
    line.resize(std::max(line.size() + 1, kHelpColumn), ' ');
    out += line + std::string(command.meaning) + '\n';
  }
  return out;
}

std::string subcommand_help(const Subcommand& command) {
  std::string out = "Usage:\n  saker " + std::string(command.name);
  if (!command.arguments.empty()) {
    out += ' ';
    out += command.arguments;
  }
  out += "\n\n";
  out += command.meaning;
  out += '\n';
  if (!command.details.empty()) {
    out += '\n';
    out += command.details;
    out += command.details.ends_with('\n') ? "" : "\n";
  }
  if (command.rewrite != nullptr) {
    out += "\nEvery option of `saker --help` may follow.\n";
  }
  return out;
}

bool wants_help(std::span<const std::string> words) {
  for (const std::string& word : words) {
    if (word == "--") {
      return false;
    }
    if (word == "-h" || word == "--help") {
      return true;
    }
  }
  return false;
}

}  // namespace saker::cli
