// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Every key of falco.yaml: one row each with its place in Config (so its type and its default), the
// texts it accepts and its meaning. Reading, checking, the schema, the tests and the documentation
// all come from this table.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "compat/config/config.h"

namespace saker::config {

using ConfigSlot =
    std::variant<bool*, std::uint64_t*, double*, std::string*, std::vector<std::string>*,
                 std::optional<std::vector<std::string>>*, std::map<std::string, std::string>*,
                 std::vector<IncludeEntry>*, std::vector<RuleSelection>*, std::vector<PluginEntry>*,
                 std::vector<AppendOutput>*>;

struct ConfigKey {
  std::string_view path;  // keys with dots between them
  ConfigSlot (*slot)(Config&);
  std::string_view meaning;
  std::span<const std::string_view> choices = {};  // texts that a string, or a list's items, may be
  bool is_choice_case_insensitive = false;
};

// In the order of Falco's documentation.
[[nodiscard]] std::span<const ConfigKey> all_keys();

// How the type is called in the schema and in messages: "boolean", "integer", "number", "string",
// "array", "object".
[[nodiscard]] std::string_view type_name(const ConfigSlot& slot);

}  // namespace saker::config
