// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Texts inside other languages, and small helpers for reports.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saker::kit {

// For text and attributes of HTML and XML; control characters that XML forbids become U+FFFD.
[[nodiscard]] std::string escape_markup(std::string_view text);

// 64 bits over the text, the same on every machine (FNV-1a), as 16 hexadecimal digits.
[[nodiscard]] std::string stable_digest(std::string_view text);

[[nodiscard]] std::string join(const std::vector<std::string>& words, std::string_view separator);

// "1 rule", "2 rules"
[[nodiscard]] std::string count_of(std::size_t count, std::string_view noun);

// Runs of blanks and line ends as one blank, none at the ends.
[[nodiscard]] std::string squeeze(std::string_view text);

}  // namespace saker::kit
