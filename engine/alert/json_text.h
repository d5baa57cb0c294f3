// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Pieces of JSON text. Invalid UTF-8 becomes U+FFFD; other text beyond ASCII stays as it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace saker {

// Appends `text` with `"`, `\` and control characters escaped, without quotes around it.
void append_json_escaped(std::string& out, std::string_view text);

// Appends `text` as a JSON string, quotes included.
void append_json_string(std::string& out, std::string_view text);

// Shortest text that reads back as `value`, with ".0" when integral; null when it is not finite.
void append_json_number(std::string& out, double value);

}  // namespace saker
