// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/escape.h"

#include <array>
#include <cstddef>
#include <optional>

namespace saker {

namespace {

struct Escape {
  char letter;  // behind the backslash
  char byte;
};

constexpr std::array<Escape, 5> kControlEscapes{
    {{'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}}};

std::optional<char> control_of(char letter) {
  for (const Escape& escape : kControlEscapes) {
    if (escape.letter == letter) {
      return escape.byte;
    }
  }
  return std::nullopt;
}

std::optional<int> hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') {
    return lower - 'a' + 10;
  }
  return std::nullopt;
}

// Decodes what stands behind a backslash at `at`; moves `at` past it. Returns the message when it
// is no escape.
tl::expected<char, std::string> decode(std::string_view inside, std::size_t& at, char quote) {
  const char c = inside[at++];
  if (const auto control = control_of(c)) {
    return *control;
  }
  switch (c) {
    case '\\':
    case '/':
      return c;
    case ' ':
      return '\\';
    case '"':
      if (quote != '"') {
        return tl::unexpected<std::string>("invalid \\\" escape in '-quoted string");
      }
      return c;
    case '\'':
      if (quote != '\'') {
        return tl::unexpected<std::string>("invalid \\' escape in \"-quoted string");
      }
      return c;
    case 'x':
      break;
    default:
      return tl::unexpected<std::string>(std::string("unsupported string escape sequence: \\") + c);
  }
  if (inside.size() - at < 2) {
    return tl::unexpected<std::string>("truncated hex char escape sequence");
  }
  const auto high = hex_value(inside[at]);
  const auto low = hex_value(inside[at + 1]);
  if (!high || !low) {
    return tl::unexpected<std::string>("invalid hex char escape sequence: " +
                                       std::string(inside.substr(at, 2)));
  }
  at += 2;
  return static_cast<char>(*high * 16 + *low);
}

void append_escaped(std::string& out, char c) {
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
    return;
  }
  for (const Escape& escape : kControlEscapes) {
    if (escape.byte == c) {
      out += '\\';
      out += escape.letter;
      return;
    }
  }
  out += c;
}

constexpr std::string_view kNeedsQuotes{" \t\n\r\b\f=\\\"'\0", 11};

}  // namespace

tl::expected<std::string, std::string> unescape(std::string_view inside, char quote) {
  std::string out;
  out.reserve(inside.size());
  std::size_t at = 0;
  while (at < inside.size()) {
    if (inside[at] != '\\') {
      out += inside[at++];
      continue;
    }
    if (++at == inside.size()) {
      // A string that the lexer closed cannot end like this; a lone backslash is dropped.
      break;
    }
    auto decoded = decode(inside, at, quote);
    if (!decoded) {
      return tl::unexpected(std::move(decoded).error());
    }
    out += *decoded;
  }
  return out;
}

std::string quote(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    append_escaped(out, c);
  }
  out += '"';
  return out;
}

std::string escape_value(std::string_view value) {
  if (value.find_first_of(kNeedsQuotes) == std::string_view::npos) {
    return std::string(value);
  }
  return quote(value);
}

}  // namespace saker
