// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace saker::cli {

// Appends `left`, then `right` from column `column` on, broken between words so that no line is
// longer than `width` (a longer word stands alone). A `left` too long for its column gets a line of
// its own.
void append_columns(std::string& out, std::string_view left, std::string_view right,
                    std::size_t column, std::size_t width);

}  // namespace saker::cli
