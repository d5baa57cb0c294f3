// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string_view>

namespace saker {

// True when `text` is what `pattern` says, in which each "*" stands for any text, also none.
// Nothing else is special. Takes at most the product of both lengths: it goes back to the last "*"
// only.
[[nodiscard]] bool matches_wildcard(std::string_view pattern, std::string_view text);

}  // namespace saker
