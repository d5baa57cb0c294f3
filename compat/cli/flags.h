// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The command line as data. Falco's flags, one table row each. Source: falco-compat.md 4.1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/result.h"

namespace saker::cli {

// `--list` without a source.
inline constexpr std::string_view kAllSources = "*";

struct Flags {
  std::optional<std::string> config_path;     // -c
  std::vector<std::string> options;           // -o
  std::vector<std::string> rule_paths;        // -r
  std::vector<std::string> validate_paths;    // -V
  std::vector<std::string> enabled_sources;   // --enable-source
  std::vector<std::string> disabled_sources;  // --disable-source
  std::optional<std::string> describe_rule;   // -l
  std::optional<std::string> list_source;     // --list; kAllSources: all
  std::optional<std::string> plugin_info;     // --plugin-info
  std::optional<std::string> format;          // --format
  std::optional<std::string> print;           // -p
  std::optional<std::string> pidfile;         // -P
  std::optional<std::string> duration_s;      // -M, as written
  bool help = false;
  bool config_schema = false;
  bool rule_schema = false;
  bool dry_run = false;
  bool ignored_syscalls = false;  // -i
  bool describe_all = false;      // -L
  bool list_events = false;
  bool list_plugins = false;
  bool markdown = false;
  bool names_only = false;  // -N
  bool page_size = false;
  bool support = false;
  bool unbuffered = false;  // -U
  bool verbose = false;     // -v
  bool version = false;
};

using FlagTarget = std::variant<bool Flags::*, std::optional<std::string> Flags::*,
                                std::vector<std::string> Flags::*>;

struct FlagInfo {
  char short_name = 0;         // 0: none
  std::string_view long_name;  // empty: none
  FlagTarget target;
  std::string_view value_name;          // of those that take a value
  std::string_view value_when_omitted;  // not empty: the value is optional and needs `=`
  std::string_view meaning;
};

// In alphabetical order, as --help prints them.
[[nodiscard]] std::span<const FlagInfo> all_flags();

// `arguments` without the program's name. Errors are Falco's texts without "Error: ".
[[nodiscard]] Result<Flags> parse_flags(std::span<const std::string> arguments);

// What --help prints. `program`: the name to show.
[[nodiscard]] std::string help_text(std::string_view program);

}  // namespace saker::cli
