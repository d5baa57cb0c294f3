// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a YAML scalar's text means as a number or a truth value, as yaml-cpp converts it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace saker {

// y/n, yes/no, true/false, on/off in lower case, Capitalised or UPPER case.
// Source: falco-compat.md 2.1.
[[nodiscard]] std::optional<bool> yaml_bool(std::string_view text);

// Decimal, 0x… or octal (0…), blanks around it allowed, no sign but '+'; at most `largest`.
[[nodiscard]] std::optional<std::uint64_t> yaml_unsigned(std::string_view text,
                                                         std::uint64_t largest);

}  // namespace saker
