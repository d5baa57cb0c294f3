// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/net_text.h"

#include <arpa/inet.h>
#include <sys/socket.h>

namespace saker {

namespace {

// Address families in event parameters. Source: Linux include/linux/socket.h.
constexpr std::uint8_t kUnix = AF_UNIX;
constexpr std::uint8_t kIpv4 = AF_INET;
constexpr std::uint8_t kIpv6 = AF_INET6;

void append_port(ArenaText& out, std::uint16_t port) {
  out.append(':');
  out.append_number(port);
}

bool is_ipv4_mapped(Bytes address) {
  constexpr std::uint8_t kPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::memcmp(address.data(), kPrefix, sizeof(kPrefix)) == 0;
}

std::string_view path_of(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  return text.substr(0, text.find('\0'));
}

}  // namespace

void append_ipv4(ArenaText& out, std::uint32_t network_order) {
  for (int i = 0; i < 4; ++i) {
    out.append(i == 0 ? "" : ".");
    out.append_number(network_order >> (8 * i) & 0xff);
  }
}

void append_ipv6(ArenaText& out, Bytes address) {
  char text[INET6_ADDRSTRLEN];
  if (inet_ntop(AF_INET6, address.data(), text, sizeof(text)) != nullptr) {
    out.append(std::string_view(text));
  }
}

void append_sockaddr(ArenaText& out, Bytes param) {
  const auto family = param.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(param[0]);
  if (family == kUnix) {
    out.append(path_of(param.subspan(1)));
  } else if (family == kIpv4 && param.size() >= 7) {
    append_ipv4(out, load_le<std::uint32_t>(param, 1));
    append_port(out, load_le<std::uint16_t>(param, 5));
  } else if (family == kIpv6 && param.size() >= 19) {
    append_ipv6(out, param.subspan(1));
    append_port(out, load_le<std::uint16_t>(param, 17));
  } else {
    out.append("family ");
    out.append_number(family);
  }
}

void append_socktuple(ArenaText& out, Bytes param) {
  const auto family = param.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(param[0]);
  if (family == kIpv4 && param.size() >= 13) {
    append_ipv4(out, load_le<std::uint32_t>(param, 1));
    append_port(out, load_le<std::uint16_t>(param, 5));
    out.append("->");
    append_ipv4(out, load_le<std::uint32_t>(param, 7));
    append_port(out, load_le<std::uint16_t>(param, 11));
  } else if (family == kIpv6 && param.size() >= 37) {
    const Bytes source = param.subspan(1, 16);
    const Bytes destination = param.subspan(19, 16);
    const bool is_mapped = is_ipv4_mapped(source) && is_ipv4_mapped(destination);
    const auto append_end = [&](Bytes address, std::uint16_t port) {
      if (is_mapped) {
        append_ipv4(out, load_le<std::uint32_t>(address, 12));
      } else {
        append_ipv6(out, address);
      }
      append_port(out, port);
    };
    append_end(source, load_le<std::uint16_t>(param, 17));
    out.append("->");
    append_end(destination, load_le<std::uint16_t>(param, 35));
  } else if (family == kUnix && param.size() >= 17) {
    out.append_number(load_le<std::uint64_t>(param, 1), 16);
    out.append("->");
    out.append_number(load_le<std::uint64_t>(param, 9), 16);
    out.append(' ');
    out.append(path_of(param.subspan(17)));
  } else {
    out.append("family ");
    out.append_number(family);
  }
}

void append_hex_upper(ArenaText& out, std::uint64_t value) {
  char digits[16];
  std::size_t count = 0;
  do {
    digits[sizeof(digits) - ++count] = "0123456789ABCDEF"[value & 15];
    value >>= 4;
  } while (value != 0);
  out.append(std::string_view(digits + sizeof(digits) - count, count));
}

void append_printable(ArenaText& out, Bytes bytes) {
  for (const std::byte byte : bytes) {
    const char c = static_cast<char>(byte);
    out.append(c >= ' ' && c <= '~' ? c : '.');
  }
}

}  // namespace saker
