// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/render.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstdio>

#include "engine/event/catalogue.h"

namespace saker {

namespace {

template <typename Integer>
void append_integer(std::string& out, Integer value, int base = 10) {
  char digits[72];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value, base).ptr;
  out.append(digits, end);
}

// The bits of `value` that a number of `type` has.
std::uint64_t bits_of(std::uint64_t value, ParamType type) {
  const std::size_t bytes = fixed_size(type);
  return bytes == 0 || bytes >= sizeof(value) ? value
                                              : value & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

void append_number(std::string& out, const Value& value, ParamType type, ParamFormat format) {
  const std::uint64_t bits = bits_of(value.as_uint(), type);
  if (format == ParamFormat::kHex) {
    const std::size_t begin = out.size();
    append_integer(out, bits, 16);
    for (std::size_t i = begin; i < out.size(); ++i) {
      out[i] = out[i] >= 'a' ? static_cast<char>(out[i] - 'a' + 'A') : out[i];
    }
  } else if (format == ParamFormat::kOct) {
    append_integer(out, bits, 8);
  } else if (format == ParamFormat::kPaddedDec) {
    char text[32];
    std::snprintf(text, sizeof(text), "%09llu", static_cast<unsigned long long>(value.as_uint()));
    out += text;
  } else if (value.kind() == ValueKind::kInt) {
    append_integer(out, value.as_int());
  } else {
    append_integer(out, value.as_uint());
  }
}

void append_base64(std::string& out, Bytes bytes) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < count ? static_cast<std::uint32_t>(bytes[i + j]) : 0);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= count ? kAlphabet[group >> (18 - 6 * j) & 63] : '=';
    }
  }
}

void append_printable(std::string& out, Bytes bytes) {
  for (const std::byte byte : bytes) {
    const char c = static_cast<char>(byte);
    out += c >= ' ' && c <= '~' ? c : '.';
  }
}

void append_address(std::string& out, const Value& value) {
  char text[INET6_ADDRSTRLEN];
  const std::uint32_t ipv4 = value.kind() == ValueKind::kIpv4 ? value.as_ipv4() : 0;
  const bool is_ipv6 = value.kind() == ValueKind::kIpv6;
  const void* address = is_ipv6 ? static_cast<const void*>(value.as_ipv6()) : &ipv4;
  if (inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, address, text, sizeof(text)) != nullptr) {
    out += text;
  }
}

void append_double(std::string& out, double value) {
  char text[400];
  out.append(text, static_cast<std::size_t>(std::snprintf(text, sizeof(text), "%.1f", value)));
}

}  // namespace

void render_value(std::string& out, const Value& value, ParamType type, ParamFormat format,
                  bool buffer_as_base64) {
  if (value.type() != ParamType::kNone) {
    type = value.type();
    format = value.format();
  }
  if (type == ParamType::kIpnet && value.has_value()) {
    out += "<IPNET>";
    return;
  }
  switch (value.kind()) {
    case ValueKind::kNone:
      return;
    case ValueKind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case ValueKind::kInt:
    case ValueKind::kUint:
      append_number(out, value, type, format);
      return;
    case ValueKind::kDouble:
      append_double(out, value.as_double());
      return;
    case ValueKind::kText:
      out += value.as_text();
      return;
    case ValueKind::kBytes:
      if (buffer_as_base64) {
        append_base64(out, value.as_bytes());
      } else {
        append_printable(out, value.as_bytes());
      }
      return;
    case ValueKind::kIpv4:
    case ValueKind::kIpv6:
      append_address(out, value);
      return;
    case ValueKind::kList: {
      char separator = '(';
      for (const Value& element : value.as_list()) {
        out += separator;
        render_value(out, element, type, format, buffer_as_base64);
        separator = ',';
      }
      out += separator == '(' ? "()" : ")";
      return;
    }
  }
}

bool is_json_number(ParamType type, ParamFormat format) {
  if (type == ParamType::kDouble) {
    return true;
  }
  const bool is_integer = fixed_size(type) != 0 && fixed_size(type) <= 8 &&
                          type != ParamType::kBool && type != ParamType::kIpv4addr;
  return is_integer && (format == ParamFormat::kDec || format == ParamFormat::kId ||
                        format == ParamFormat::kPaddedDec);
}

}  // namespace saker
