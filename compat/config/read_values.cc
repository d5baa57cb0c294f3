// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/read_values.h"

#include <array>
#include <charconv>
#include <string>

namespace saker::config {

namespace {

struct BoolWords {
  std::string_view yes;
  std::string_view no;
};

constexpr std::array<BoolWords, 4> kBoolWords = {{
    {"y", "n"},
    {"yes", "no"},
    {"true", "false"},
    {"on", "off"},
}};

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

// All lower case, all upper case, or upper case in the first place only.
bool is_regular_case(std::string_view text) {
  const auto upper_in = [](std::string_view part) {
    std::size_t count = 0;
    for (const char c : part) {
      count += is_upper(c) ? 1U : 0U;
    }
    return count;
  };
  const std::size_t rest = upper_in(text.substr(1));
  return rest == 0 || (is_upper(text.front()) && rest == text.size() - 1);
}

}  // namespace

bool parse_bool(std::string_view text, bool& value) {
  if (text.empty() || !is_regular_case(text)) {
    return false;
  }
  std::string lower(text);
  for (char& c : lower) {
    c = to_lower(c);
  }
  for (const BoolWords& words : kBoolWords) {
    if (lower == words.yes || lower == words.no) {
      value = lower == words.yes;
      return true;
    }
  }
  return false;
}

bool parse_uint(std::string_view text, std::uint64_t& value) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  }
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value, base);
  return error == std::errc{} && at == end;
}

bool parse_double(std::string_view text, double& value) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && at == end;
}

}  // namespace saker::config
