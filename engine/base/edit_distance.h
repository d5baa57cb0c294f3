// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <cstddef>
#include <string_view>

namespace saker {

// How many bytes to insert, remove or exchange on the way from one word to the other: what "did you
// mean" goes by. Takes the product of both lengths, so keep words short.
[[nodiscard]] std::size_t edit_distance(std::string_view from, std::string_view to);

}  // namespace saker
