// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/container_json.h"

#include <string_view>

namespace saker::scap {

namespace {

// Text up to its first NUL; a missing one is empty.
std::string_view plain_text(const EventView& event, std::size_t param) {
  const std::string_view text = as_text(event.param(param));
  return text.substr(0, text.find('\0'));
}

// Source of the escapes: RFC 8259, section 7.
void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto value = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (value < 0x20) {
      out += "\\u00";
      out += kHexDigits[value >> 4];
      out += kHexDigits[value & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

std::string container_json(const EventView& event) {
  std::string out = R"({"container":{"id":)";
  append_quoted(out, plain_text(event, 0));
  out += R"(,"type":)";
  out += std::to_string(event.get<std::uint32_t>(1));
  out += R"(,"name":)";
  append_quoted(out, plain_text(event, 2));
  out += R"(,"image":)";
  append_quoted(out, plain_text(event, 3));
  out += "}}";
  out += '\0';
  return out;
}

}  // namespace saker::scap
