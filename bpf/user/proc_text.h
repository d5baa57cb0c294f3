// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Small readers for files and links below /proc. A file that is not there or not readable reads as
// empty: processes end while they are scanned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saker::sensor {

// The first `max_bytes` of a file.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t max_bytes);

// The target of a symbolic link.
[[nodiscard]] std::string read_link(const std::string& path);

// Names of the entries of a folder that are decimal numbers, ascending.
[[nodiscard]] std::vector<std::int64_t> numeric_entries(const std::string& path);

// The number at the start of `text`, which may follow blanks; 0 when there is none.
[[nodiscard]] std::int64_t parse_number(std::string_view text, int base = 10);
[[nodiscard]] std::uint64_t parse_unsigned(std::string_view text, int base = 10);

// The rest of the line that begins with `key`, without leading blanks; empty when there is none.
[[nodiscard]] std::string_view line_value(std::string_view text, std::string_view key);

// Splits at blanks and tabs; no empty pieces.
[[nodiscard]] std::vector<std::string_view> split_blanks(std::string_view text);

// Takes the next line (without its end) off `text`; false at the end.
[[nodiscard]] bool next_line(std::string_view& text, std::string_view& line);

}  // namespace saker::sensor
