// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/socket_text.h"

#include <charconv>
#include <cstring>

namespace saker {

namespace {

// Offsets and sizes of the encodings, after the family byte.
constexpr std::size_t kFamilyBytes = 1;
constexpr std::size_t kPortBytes = 2;
constexpr std::size_t kUnixTupleBytes = kFamilyBytes + 2 * sizeof(std::uint64_t);
constexpr std::size_t kIpv6Groups = 8;

[[nodiscard]] std::size_t address_bytes(AddressFamily family) {
  return family == AddressFamily::kInet6 ? 16 : 4;
}

[[nodiscard]] bool is_ip(AddressFamily family) {
  return family == AddressFamily::kInet || family == AddressFamily::kInet6;
}

[[nodiscard]] IpAddress read_address(Bytes param, std::size_t offset, AddressFamily family) {
  IpAddress address;
  address.is_ipv6 = family == AddressFamily::kInet6;
  std::memcpy(address.bytes.data(), param.data() + offset, address_bytes(family));
  return address;
}

void append_number(std::uint64_t value, int base, std::string& out) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base);
  out.append(digits.data(), end.ptr);
}

void append_ipv4(const std::uint8_t* bytes, std::string& out) {
  std::array<char, 16> text{};
  char* at = text.data();
  for (std::size_t i = 0; i < 4; ++i) {
    if (i != 0) {
      *at++ = '.';
    }
    at = std::to_chars(at, text.data() + text.size(), bytes[i]).ptr;
  }
  out.append(text.data(), at);
}

struct Run {
  std::size_t begin = 0;
  std::size_t length = 0;
};

// The first longest run of zero groups; shorter than two does not count.
[[nodiscard]] Run longest_zero_run(const std::array<std::uint16_t, kIpv6Groups>& groups) {
  Run best;
  for (std::size_t i = 0; i < kIpv6Groups;) {
    std::size_t end = i;
    while (end < kIpv6Groups && groups[end] == 0) {
      ++end;
    }
    if (end - i > best.length) {
      best = {i, end - i};
    }
    i = end + 1;
  }
  return best.length < 2 ? Run{} : best;
}

void append_ipv6(const std::array<std::uint8_t, 16>& bytes, std::string& out) {
  std::array<std::uint16_t, kIpv6Groups> groups{};
  for (std::size_t i = 0; i < kIpv6Groups; ++i) {
    groups[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  }
  const Run zeros = longest_zero_run(groups);
  // As inet_ntop: an address that embeds an IPv4 one ends in dotted decimal.
  const bool embeds_ipv4 =
      zeros.begin == 0 && (zeros.length == 6 || (zeros.length == 5 && groups[5] == 0xffff));
  const std::size_t end = embeds_ipv4 ? 6 : kIpv6Groups;
  for (std::size_t i = 0; i < end; ++i) {
    if (zeros.length != 0 && i >= zeros.begin && i < zeros.begin + zeros.length) {
      if (i == zeros.begin) {
        out.push_back(':');
      }
      continue;
    }
    if (i != 0) {
      out.push_back(':');
    }
    append_number(groups[i], 16, out);
  }
  if (zeros.length != 0 && zeros.begin + zeros.length >= end) {
    out.push_back(':');
  }
  if (embeds_ipv4) {
    if (out.back() != ':') {
      out.push_back(':');
    }
    append_ipv4(bytes.data() + 12, out);
  }
}

void append_endpoint(const IpAddress& address, std::uint16_t port, std::string& out) {
  append_address(address, out);
  out.push_back(':');
  append_number(port, 10, out);
}

[[nodiscard]] SocketTuple as_ipv4_if_mapped(const SocketTuple& tuple) {
  if (!tuple.source.is_ipv6 || !tuple.source.is_ipv4_mapped() ||
      !tuple.destination.is_ipv4_mapped()) {
    return tuple;
  }
  SocketTuple result = tuple;
  result.source = unmapped(tuple.source);
  result.destination = unmapped(tuple.destination);
  return result;
}

void append_tuple(const SocketTuple& tuple, bool with_ports, std::string& out) {
  if (with_ports) {
    append_endpoint(tuple.source, tuple.source_port, out);
    out.append("->");
    append_endpoint(tuple.destination, tuple.destination_port, out);
  } else {
    append_address(tuple.source, out);
    out.append("->");
    append_address(tuple.destination, out);
  }
}

}  // namespace

AddressFamily family_of(Bytes param) {
  return param.empty() ? AddressFamily::kUnspecified
                       : AddressFamily{load_le<std::uint8_t>(param, 0)};
}

std::optional<Endpoint> parse_sockaddr(Bytes param) {
  const AddressFamily family = family_of(param);
  const std::size_t width = address_bytes(family);
  if (!is_ip(family) || param.size() < kFamilyBytes + width + kPortBytes) {
    return std::nullopt;
  }
  return Endpoint{read_address(param, kFamilyBytes, family),
                  load_le<std::uint16_t>(param, kFamilyBytes + width)};
}

std::optional<SocketTuple> parse_socktuple(Bytes param) {
  const AddressFamily family = family_of(param);
  const std::size_t width = address_bytes(family);
  const std::size_t half = width + kPortBytes;
  if (!is_ip(family) || param.size() < kFamilyBytes + 2 * half) {
    return std::nullopt;
  }
  SocketTuple tuple;
  tuple.source = read_address(param, kFamilyBytes, family);
  tuple.source_port = load_le<std::uint16_t>(param, kFamilyBytes + width);
  tuple.destination = read_address(param, kFamilyBytes + half, family);
  tuple.destination_port = load_le<std::uint16_t>(param, kFamilyBytes + half + width);
  return tuple;
}

std::optional<UnixTuple> parse_unix_tuple(Bytes param) {
  if (family_of(param) != AddressFamily::kUnix || param.size() < kUnixTupleBytes) {
    return std::nullopt;
  }
  std::string_view path = as_text(param.subspan(kUnixTupleBytes));
  path = path.substr(0, path.find('\0'));
  return UnixTuple{load_le<std::uint64_t>(param, kFamilyBytes),
                   load_le<std::uint64_t>(param, kFamilyBytes + sizeof(std::uint64_t)), path};
}

IpAddress unmapped(const IpAddress& address) {
  IpAddress result;
  std::memcpy(result.bytes.data(), address.bytes.data() + 12, 4);
  return result;
}

void append_address(const IpAddress& address, std::string& out) {
  if (address.is_ipv6) {
    append_ipv6(address.bytes, out);
  } else {
    append_ipv4(address.bytes.data(), out);
  }
}

void assign_sockaddr_text(Bytes param, std::string& out) {
  out.clear();
  if (const auto endpoint = parse_sockaddr(param)) {
    append_endpoint(endpoint->address, endpoint->port, out);
  } else if (family_of(param) == AddressFamily::kUnix) {
    std::string_view path = as_text(param.subspan(kFamilyBytes));
    out.append(path.substr(0, path.find('\0')));
  } else if (is_ip(family_of(param))) {
    out = family_of(param) == AddressFamily::kInet ? "INVALID IPv4" : "INVALID IPv6";
  } else if (!param.empty()) {
    out = "family ";
    append_number(static_cast<std::uint8_t>(family_of(param)), 10, out);
  }
}

void assign_socktuple_text(Bytes param, std::string& out) {
  out.clear();
  if (const auto tuple = parse_socktuple(param)) {
    append_tuple(as_ipv4_if_mapped(*tuple), true, out);
  } else if (const auto unix_tuple = parse_unix_tuple(param)) {
    append_number(unix_tuple->source, 16, out);
    out.append("->");
    append_number(unix_tuple->destination, 16, out);
    out.push_back(' ');
    out.append(unix_tuple->path);
  }
}

void assign_socket_name(const FdInfo& info, std::string& out) {
  out.clear();
  if (info.is_ip_server()) {
    append_endpoint(info.tuple.destination, info.tuple.destination_port, out);
    return;
  }
  switch (info.l4proto) {
    case L4Proto::kTcp:
    case L4Proto::kUdp:
      append_tuple(as_ipv4_if_mapped(info.tuple), true, out);
      break;
    case L4Proto::kIcmp:
    case L4Proto::kRaw:
      append_tuple(as_ipv4_if_mapped(info.tuple), false, out);
      break;
    default:
      out = "<unknown>";
      break;
  }
}

}  // namespace saker
