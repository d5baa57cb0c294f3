// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/utf8.h"

#include <cstring>

namespace saker {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

unsigned char byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

}  // namespace

std::size_t utf8_sequence_length(std::string_view text) {
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) {
    return 1;
  }
  const std::size_t length = first >= 0xF0 ? 4 : (first >= 0xE0 ? 3 : 2);
  if (first < 0xC2 || first > 0xF4 || text.size() < length) {
    return 0;
  }
  const unsigned char second = byte_at(text, 1);
  const unsigned char low = first == 0xE0 ? 0xA0 : (first == 0xF0 ? 0x90 : 0x80);
  const unsigned char high = first == 0xED ? 0x9F : (first == 0xF4 ? 0x8F : 0xBF);
  if (second < low || second > high) {
    return 0;
  }
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte_at(text, i) & 0xC0) != 0x80) {
      return 0;
    }
  }
  return length;
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

std::string_view repair_utf8(std::string_view text, Arena& arena) {
  if (is_valid_utf8(text)) {
    return text;
  }
  char* const begin = arena.allocate(text.size() * kReplacement.size());
  char* out = begin;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    const std::string_view piece = length == 0 ? kReplacement : text.substr(0, length);
    std::memcpy(out, piece.data(), piece.size());
    out += piece.size();
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return {begin, static_cast<std::size_t>(out - begin)};
}

}  // namespace saker
