// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Version numbers of the engine and of plugins: major.minor.patch.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saker {

struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;

  friend auto operator<=>(const Version&, const Version&) = default;

  // Same major, and not older than `required`.
  [[nodiscard]] bool satisfies(const Version& required) const {
    return major == required.major && *this >= required;
  }
};

// Three numbers with dots between; text behind them is ignored ("1.2.3-rc1"), as Falco does.
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);
[[nodiscard]] std::string to_text(const Version& version);

}  // namespace saker
