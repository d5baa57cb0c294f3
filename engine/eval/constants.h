// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The constants of one check, converted once to what values are compared with. Source:
// falco-compat.md 1.4.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "engine/base/result.h"
#include "engine/eval/path_prefix.h"
#include "engine/eval/regex.h"
#include "engine/eval/value_class.h"

namespace saker {

// Longest text constant, in bytes. Source: Falco refuses more.
inline constexpr std::size_t kMaxConstantBytes = 255;

struct IpConstant {
  std::array<std::uint8_t, 16> bytes{};
  bool is_ipv6 = false;
};

struct NetConstant {
  IpConstant address;
  std::uint8_t prefix_length = 0;
};

// Only the members of the value's class are used.
struct Constants {
  std::vector<std::uint64_t> numbers;  // signed ones as their bits; also ports and booleans
  std::vector<std::string> texts;      // text and bytes
  std::unordered_set<std::string_view> text_set;  // of long lists: borrows from `texts`
  std::vector<IpConstant> addresses;
  std::vector<NetConstant> nets;
  std::vector<Regex> regexes;
  PathPrefixSet paths;

  Constants() = default;
  Constants(const Constants&) = delete;
  Constants& operator=(const Constants&) = delete;
  Constants(Constants&&) = default;
  Constants& operator=(Constants&&) = default;

  [[nodiscard]] std::size_t count(ValueClass value) const;
  [[nodiscard]] bool has_text(std::string_view text) const;
};

// Converts `texts` for comparisons of a value of `type` by `op`. Errors carry Falco's texts.
[[nodiscard]] Result<Constants> make_constants(ParamType type, CompareOp op,
                                               std::span<const std::string_view> texts,
                                               bool allow_pcre2);

}  // namespace saker
