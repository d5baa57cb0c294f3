// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/yaml_hints.h"

#include <algorithm>
#include <array>

namespace saker {

namespace {

struct Row {
  std::string_view message;  // a part of it
  std::string_view hint;
};

// Source of the messages: yaml-cpp/exceptions.h.
constexpr std::array kRows = {
    Row{"end of sequence flow not found", "a '[' is not closed"},
    Row{"end of map flow not found", "a '{' is not closed"},
    Row{"end of map not found", "the line does not line up with the keys above it"},
    Row{"end of sequence not found", "the line does not line up with the '- ' above it"},
    Row{"illegal map value",
        "a text with ': ' in it needs quotes, or a line of its own behind '>'; or a key is "
        "indented otherwise than the one above it"},
    Row{"illegal map key", "a key stands where the value of another is expected"},
    Row{"illegal block entry", "a '- ' stands where no list can begin"},
    Row{"illegal EOF in scalar", "a quote is not closed"},
    Row{"illegal tab", "indent with blanks, not with tabs"},
    Row{"unknown token", "a text that begins with this character needs quotes"},
    Row{"unknown escape character",
        "write the text in single quotes, where a backslash is nothing special"},
    Row{"alias not found", "a text that begins with '*' needs quotes"},
    Row{"anchor not found", "a text that begins with '&' needs quotes"},
    Row{"referenced anchor is not defined", "a text that begins with '*' needs quotes"},
    Row{"unexpected character in block scalar",
        "behind '>' or '|' the text begins on the next line"},
};

}  // namespace

std::string_view yaml_hint(std::string_view message) {
  const auto found = std::find_if(kRows.begin(), kRows.end(), [&](const Row& row) {
    return message.find(row.message) != std::string_view::npos;
  });
  return found == kRows.end() ? std::string_view() : found->hint;
}

}  // namespace saker
