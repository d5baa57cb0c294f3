// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// How deep JSON text is nested, before it is parsed. A parser may keep its own stack, but those who
// copy or print a document call themselves once per level: "[[[[…" of a megabyte ends a program.
#pragma once

#include <cstddef>
#include <string_view>

namespace saker {

// Far beyond what container runtimes, alerts and editors send.
inline constexpr std::size_t kMaxJsonDepth = 128;

// Whether brackets and braces outside of texts are nested more than `limit` deep. `json` may be
// anything; what is no JSON gets some answer and no harm.
[[nodiscard]] constexpr bool is_nested_deeper(std::string_view json,
                                              std::size_t limit = kMaxJsonDepth) {
  std::size_t depth = 0;
  bool is_in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (is_in_text) {
      i += c == '\\' ? 1 : 0;
      is_in_text = c != '"';
    } else if (c == '"') {
      is_in_text = true;
    } else if (c == '[' || c == '{') {
      if (++depth > limit) {
        return true;
      }
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

}  // namespace saker
