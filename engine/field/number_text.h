// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Numbers in field arguments.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace saker {

// The number that decimal digits mean; empty when `text` is anything else or does not fit.
[[nodiscard]] inline std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace saker
