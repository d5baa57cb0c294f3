// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Quoted strings of the condition language: reading their escapes and writing values so that they
// read back.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace saker {

// Decodes the inside of a string whose quotes were `quote` (' or "): \b \f \n \r \t \\ \/ \xHH, the
// string's own quote, and backslash-blank for a backslash. The error is Falco's message, for
// example "unsupported string escape sequence: \d".
[[nodiscard]] tl::expected<std::string, std::string> unescape(std::string_view inside, char quote);

// Returns `value` as the canonical text writes it: bare, or in double quotes with escapes when it
// holds a blank, a control character with an escape of its own, NUL, `=`, a backslash or a quote.
// Parentheses, commas and the empty value are written bare, as Falco does, although they do not
// read back.
[[nodiscard]] std::string escape_value(std::string_view value);

// Returns `value` in double quotes in any case, with escapes; every value without NUL and other
// bytes the grammar treats specially reads back unchanged.
[[nodiscard]] std::string quote(std::string_view value);

}  // namespace saker
