// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/text.h"

#include <array>

namespace saker::kit {

std::string escape_markup(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') {
          out += "\xEF\xBF\xBD";
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string stable_digest(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  std::string digits(16, '0');
  for (std::size_t i = 16; i > 0; --i) {
    digits[i - 1] = "0123456789abcdef"[hash & 0xf];
    hash >>= 4U;
  }
  return digits;
}

std::string join(const std::vector<std::string>& words, std::string_view separator) {
  std::string out;
  for (const std::string& word : words) {
    out += (out.empty() ? "" : std::string(separator)) + word;
  }
  return out;
}

std::string count_of(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string squeeze(std::string_view text) {
  std::string out;
  bool is_pending = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      is_pending = !out.empty();
      continue;
    }
    if (is_pending) {
      out += ' ';
      is_pending = false;
    }
    out += c;
  }
  return out;
}

}  // namespace saker::kit
