// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/json_text.h"

#include <algorithm>
#include <cstdint>

namespace saker {

namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

// Forms of UTF-8: lead bytes below `limit`, how many bytes follow, the lead byte's bits of the
// character, the smallest character of this length.
struct Form {
  std::uint32_t limit;
  std::size_t following;
  std::uint32_t lead_bits;
  std::uint32_t smallest;
};
constexpr Form kForms[] = {
    {0xe0, 1, 0x1f, 0x80},
    {0xf0, 2, 0x0f, 0x800},
    {0xf8, 3, 0x07, 0x10000},
};

// Decodes the character at the front of `text`, whose first byte is not ASCII, and removes it.
std::uint32_t take_character(std::string_view& text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const auto* form = std::find_if(std::begin(kForms), std::end(kForms),
                                  [&](const Form& row) { return lead < row.limit; });
  if (form == std::end(kForms) || text.size() <= form->following) {
    text.remove_prefix(1);
    return kReplacement;
  }
  std::uint32_t character = lead & form->lead_bits;
  for (std::size_t i = 1; i <= form->following; ++i) {
    character = character << 6 | (static_cast<std::uint8_t>(text[i]) & 0x3f);
  }
  text.remove_prefix(form->following + 1);
  const bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
  return character < form->smallest || is_surrogate || character > 0x10ffff ? kReplacement
                                                                            : character;
}

void append_utf8(std::string& out, std::uint32_t character) {
  const auto continuation = [](std::uint32_t bits) {
    return static_cast<char>(0x80 | (bits & 0x3f));
  };
  if (character < 0x800) {
    out += static_cast<char>(0xc0 | character >> 6);
  } else if (character < 0x10000) {
    out += static_cast<char>(0xe0 | character >> 12);
    out += continuation(character >> 6);
  } else {
    out += static_cast<char>(0xf0 | character >> 18);
    out += continuation(character >> 12);
    out += continuation(character >> 6);
  }
  out += continuation(character);
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto* end = std::find_if(text.begin(), text.end(),
                                   [](char c) { return static_cast<std::uint8_t>(c) >= 0x80; });
    const auto plain = static_cast<std::size_t>(end - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (!text.empty()) {
      append_utf8(out, take_character(text));
    }
  }
}

}  // namespace saker
