// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Shell patterns as fnmatch(3) with flags 0 in the C locale: `*` and `?` also match `/` and a
// leading dot,
// `[...]` with ranges and classes, backslash escapes. Own code because values are not
// NUL-terminated and the cost must be bounded: time is at most pattern length times text length.
#pragma once

#include <string_view>

namespace saker {

[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text, bool ignore_case);

}  // namespace saker
