// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Configuration scalars as typed values, by yaml-cpp's rules, which Falco follows.
#pragma once

#include <cstdint>
#include <string_view>

namespace saker::config {

// y/n, yes/no, true/false, on/off in lower case, Capitalised or UPPER CASE.
[[nodiscard]] bool parse_bool(std::string_view text, bool& value);

// Decimal, or hexadecimal with 0x. No sign.
[[nodiscard]] bool parse_uint(std::string_view text, std::uint64_t& value);

// Decimal with an optional fraction and exponent; ".1" is fine.
[[nodiscard]] bool parse_double(std::string_view text, double& value);

}  // namespace saker::config
