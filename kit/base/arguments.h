// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Command lines of the kit's subcommands: long options with or without a value, and words.
//
//   Arguments arguments(rest, {{"format", true}, {"fix", false}});
//   if (!arguments.error().empty()) { … }        // exit status 2 or 3, the caller's choice
//   arguments.value("format").value_or("text");
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saker::kit {

struct OptionInfo {
  std::string_view name;  // without the dashes
  bool takes_value = false;
};

class Arguments {
public:
  // "--name value", "--name=value", "--flag"; behind "--" everything is a word.
  Arguments(std::span<const std::string> rest, std::span<const OptionInfo> options);

  [[nodiscard]] const std::string& error() const { return error_; }  // empty: none
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  [[nodiscard]] bool has(std::string_view name) const;
  // The last value given.
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  // All values given, in order.
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;

private:
  std::string error_;
  std::vector<std::string> words_;
  std::multimap<std::string, std::string, std::less<>> values_;
};

}  // namespace saker::kit
