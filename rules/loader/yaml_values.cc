// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/yaml_values.h"

#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace saker {

namespace {

constexpr std::array<std::pair<std::string_view, bool>, 8> kWords{{{"y", true},
                                                                   {"n", false},
                                                                   {"yes", true},
                                                                   {"no", false},
                                                                   {"true", true},
                                                                   {"false", false},
                                                                   {"on", true},
                                                                   {"off", false}}};

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// All lower, all upper, or only the first letter upper.
bool has_regular_case(std::string_view text) {
  std::size_t upper = 0;
  for (const char c : text) {
    if (!is_lower(c) && !is_upper(c)) {
      return false;
    }
    upper += is_upper(c) ? 1U : 0U;
  }
  return upper == 0 || upper == text.size() || (upper == 1 && is_upper(text.front()));
}

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Digits with the base of their prefix, blanks behind them allowed.
std::optional<std::uint64_t> read_digits(std::string_view text) {
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    const bool is_hex = text[1] == 'x' || text[1] == 'X';
    base = is_hex ? 16 : 8;
    text.remove_prefix(is_hex ? 2 : 1);
  }
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{}) {
    return base == 8 && (text.empty() || is_blank(text[0])) ? std::optional<std::uint64_t>(0)
                                                            : std::nullopt;
  }
  while (rest != end && is_blank(*rest)) {
    ++rest;
  }
  return rest == end ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<bool> yaml_bool(std::string_view text) {
  if (text.empty() || text.size() > 5 || !has_regular_case(text)) {
    return std::nullopt;
  }
  std::string lower(text);
  for (char& c : lower) {
    c = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  for (const auto& [word, value] : kWords) {
    if (lower == word) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> yaml_unsigned(std::string_view text, std::uint64_t largest) {
  if (!text.empty() && text[0] == '+') {
    text.remove_prefix(1);
  }
  if (text.empty() || text[0] < '0' || text[0] > '9') {
    return std::nullopt;
  }
  const std::optional<std::uint64_t> value = read_digits(text);
  return value && *value <= largest ? value : std::nullopt;
}

}  // namespace saker
