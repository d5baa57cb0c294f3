// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/node_json.h"

#include "compat/config/read_values.h"

namespace saker::config {

namespace {

bool is_plain_json(std::string_view text) {
  double number = 0;
  const bool is_number = parse_double(text, number) && text.front() != '+' && text.front() != '.';
  return text == "true" || text == "false" || text == "null" || is_number;
}

void append(std::string& out, const ConfigNode& node) {
  char separator = 0;
  const auto separate = [&](char opening) {
    out += separator == 0 ? opening : separator;
    separator = ',';
  };
  switch (node.kind) {
    case ConfigNode::Kind::kNull:
      out += "null";
      return;
    case ConfigNode::Kind::kScalar:
      if (is_plain_json(node.scalar)) {
        out += node.scalar;
      } else {
        append_quoted(out, node.scalar);
      }
      return;
    case ConfigNode::Kind::kSequence:
      for (const ConfigNode& item : node.items) {
        separate('[');
        append(out, item);
      }
      out += separator == 0 ? "[]" : "]";
      return;
    case ConfigNode::Kind::kMap:
      for (const ConfigMember& member : node.members) {
        separate('{');
        append_quoted(out, member.key);
        out += ':';
        append(out, member.value);
      }
      out += separator == 0 ? "{}" : "}";
      return;
  }
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[static_cast<unsigned char>(c) & 0xf];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string node_json(const ConfigNode& node) {
  std::string out;
  append(out, node);
  return out;
}

}  // namespace saker::config
