// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// UTF-8 checking and repair.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/base/arena.h"

namespace saker {

// Length of the valid sequence that begins `text` (1 to 4), or 0 when its first byte begins none.
// Overlong forms, surrogates and values above U+10FFFF are invalid. Source: RFC 3629.
[[nodiscard]] std::size_t utf8_sequence_length(std::string_view text);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

// Returns `text` itself when it is valid, else a copy in `arena` with U+FFFD for every byte that
// belongs to no valid sequence.
[[nodiscard]] std::string_view repair_utf8(std::string_view text, Arena& arena);

}  // namespace saker
