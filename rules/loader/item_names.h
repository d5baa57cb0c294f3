// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Names of lists and macros, and small helpers that the item readers share.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "rules/loader/definitions.h"

namespace saker {

inline constexpr std::string_view kInvalidListName =
    "List has an invalid name. List names should match a regular expression: "
    R"re(([^()"'[:space:]=,]+))re";
inline constexpr std::string_view kInvalidMacroName =
    "Macro has an invalid name. Macro names should match a regular expression: "
    "([a-zA-Z]+[a-zA-Z0-9_]*)";

// One or more characters that a bare word of a condition may hold.
[[nodiscard]] inline bool is_list_name(std::string_view name) {
  return !name.empty() && name.find_first_of("()\"'=, \t\n\v\f\r") == std::string_view::npos;
}

// A letter, then letters, digits and underscores.
[[nodiscard]] inline bool is_macro_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_word = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), is_word);
}

template <typename Row>
[[nodiscard]] std::vector<std::string_view> names_of(const DefinitionTable<Row>& table) {
  std::vector<std::string_view> names;
  names.reserve(table.rows().size());
  for (const Row& row : table.rows()) {
    names.push_back(row.name);
  }
  return names;
}

// Appends `added` behind one blank, which stands for the place of the item that appends.
inline void append_text(SpannedText& text, const SpannedText& added, SourceSpan item) {
  text.append(" ", item);
  text.append(added);
}

}  // namespace saker
