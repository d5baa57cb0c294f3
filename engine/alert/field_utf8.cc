// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/field_utf8.h"

#include <array>
#include <cstdint>

namespace saker {

namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

// Characters of `length` bytes begin with a byte below `first_end`; smaller code points than
// `smallest` are overlong.
struct SequenceRule {
  std::uint32_t first_end;
  std::size_t length;
  std::uint32_t smallest;
};
constexpr std::array<SequenceRule, 3> kRules = {{
    {0xe0, 2, 0x80},
    {0xf0, 3, 0x800},
    {0xf8, 4, 0x10000},
}};

bool is_character(std::uint32_t code, const SequenceRule& rule) {
  return code >= rule.smallest && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

// Takes one character that does not begin with ASCII off `text`.
std::uint32_t take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  for (const SequenceRule& rule : kRules) {
    if (first >= rule.first_end) {
      continue;
    }
    if (text.size() < rule.length) {
      break;
    }
    std::uint32_t code = first & (0x7fU >> rule.length);
    for (std::size_t i = 1; i < rule.length; ++i) {
      code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3fU);
    }
    text.remove_prefix(rule.length);
    return is_character(code, rule) ? code : kReplacement;
  }
  text.remove_prefix(1);
  return kReplacement;
}

void append_character(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((code >> shift) & 0x3fU));
  };
  if (code < 0x800) {
    out += static_cast<char>(0xc0U | (code >> 6));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0U | (code >> 12));
    tail(6);
  } else {
    out += static_cast<char>(0xf0U | (code >> 18));
    tail(12);
    tail(6);
  }
  tail(0);
}

}  // namespace

void append_field_utf8(std::string& out, std::string_view text) {
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      out += text.front();
      text.remove_prefix(1);
    } else {
      append_character(out, take_character(text));
    }
  }
}

}  // namespace saker
