// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace saker::kit {

inline constexpr std::size_t kMaxColumns = 120;

// The words of a condition: split at blanks outside quotes. Nothing when a quote holds a line end.
[[nodiscard]] std::optional<std::vector<std::string>> condition_words(std::string_view text);

// Lines of at most kMaxColumns - `indent` bytes where words allow it; a line rather begins with
// `and` or `or` than ends with it.
[[nodiscard]] std::vector<std::string> wrap_words(const std::vector<std::string>& words,
                                                  std::size_t indent);

// The items of a flow sequence as written, from '[' to ']'; nothing when it holds a comment or
// another collection.
[[nodiscard]] std::optional<std::vector<std::string>> flow_items(std::string_view text);

}  // namespace saker::kit
