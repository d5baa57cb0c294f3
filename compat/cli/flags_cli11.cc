// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The one file that includes CLI11: the table of flags.h as a CLI::App, and its errors in the words
// of Falco's parser.
#include <algorithm>

#include <CLI/CLI.hpp>

#include "compat/cli/flags.h"

namespace saker::cli {

namespace {

// "-x,--long" as CLI11 wants it.
std::string names_of(const FlagInfo& flag) {
  std::string names;
  if (flag.short_name != 0) {
    names = std::string("-") + flag.short_name;
  }
  if (!flag.long_name.empty()) {
    names += names.empty() ? "--" : ",--";
    names += flag.long_name;
  }
  return names;
}

void add_flag(CLI::App& app, const FlagInfo& flag, Flags& flags) {
  struct Adder {
    CLI::App& app;
    const FlagInfo& flag;
    Flags& flags;
    void operator()(bool Flags::*member) const {
      app.add_flag(names_of(flag), flags.*member)->take_last();
    }
    void operator()(std::optional<std::string> Flags::*member) const {
      app.add_option(names_of(flag), flags.*member)->expected(1)->take_last();
    }
    void operator()(std::vector<std::string> Flags::*member) const {
      app.add_option(names_of(flag), flags.*member)
          ->expected(1)
          ->take_all()
          ->allow_extra_args(false);
    }
  };
  std::visit(Adder{app, flag, flags}, flag.target);
}

// An option whose value is optional takes one only behind `=`; CLI11 would also take the next word.
std::string with_omitted_value(const std::string& argument) {
  for (const FlagInfo& flag : all_flags()) {
    if (!flag.value_when_omitted.empty() && argument == "--" + std::string(flag.long_name)) {
      return argument + "=" + std::string(flag.value_when_omitted);
    }
  }
  return argument;
}

std::string quoted(std::string_view name) {
  return "\u2018" + std::string(name) + "\u2019";
}

// "--cri=x" -> "cri", "-Ax" -> "A".
std::string_view option_name(std::string_view argument) {
  if (argument.starts_with("--")) {
    argument.remove_prefix(2);
    return argument.substr(0, argument.find('='));
  }
  return argument.substr(1, 1);
}

Error error_of(const CLI::ParseError& error) {
  // CLI11 says "-c: 1 required TEXT missing" and "--list: …".
  std::string_view text = error.what();
  const std::size_t colon = text.find(':');
  if (text.starts_with('-') && colon != std::string_view::npos) {
    return {ErrorCode::kInvalidArgument,
            "Option " + quoted(option_name(text.substr(0, colon))) + " is missing an argument"};
  }
  return {ErrorCode::kInvalidArgument, std::string(text)};
}

}  // namespace

Result<Flags> parse_flags(std::span<const std::string> arguments) {
  Flags flags;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (const FlagInfo& flag : all_flags()) {
    add_flag(app, flag, flags);
  }
  std::vector<std::string> reversed;
  for (const std::string& argument : arguments) {
    reversed.push_back(with_omitted_value(argument));
  }
  std::ranges::reverse(reversed);
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return tl::unexpected(error_of(error));
  }
  // Words that are no options are ignored, like in Falco.
  for (const std::string& extra : app.remaining()) {
    if (extra.size() > 1 && extra.starts_with('-') && extra != "--") {
      return fail(ErrorCode::kInvalidArgument,
                  "Option " + quoted(option_name(extra)) + " does not exist");
    }
  }
  return flags;
}

}  // namespace saker::cli
