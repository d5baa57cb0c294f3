// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/version.h"

#include <array>
#include <charconv>

namespace saker {

std::optional<Version> parse_version(std::string_view text) {
  std::array<std::uint32_t, 3> parts{};
  const char* at = text.data();
  const char* end = at + text.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) {
      if (at == end || *at != '.') {
        return std::nullopt;
      }
      ++at;
    }
    const auto [rest, error] = std::from_chars(at, end, parts[i]);
    if (error != std::errc{}) {
      return std::nullopt;
    }
    at = rest;
  }
  return Version{parts[0], parts[1], parts[2]};
}

std::string to_text(const Version& version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
         std::to_string(version.patch);
}

}  // namespace saker
