// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Socket addresses of events: decoding, and the texts that become the names of socket fds.
// Source: falco-compat-events-scap.md 6.3 (SOCKADDR, SOCKTUPLE), falco-compat-fields.md 7.2, 7.4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/bytes.h"
#include "engine/state/fd_info.h"

namespace saker {

// Address families as events number them: Linux' own numbers.
enum class AddressFamily : std::uint8_t {
  kUnspecified = 0,
  kUnix = 1,
  kInet = 2,
  kInet6 = 10,
  kNetlink = 16,
};

// The family byte of a SOCKADDR or SOCKTUPLE parameter; kUnspecified when it is empty.
[[nodiscard]] AddressFamily family_of(Bytes param);

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
};

// An IPv4 or IPv6 SOCKADDR; nothing for other families and wrong lengths.
[[nodiscard]] std::optional<Endpoint> parse_sockaddr(Bytes param);

// An IPv4 or IPv6 SOCKTUPLE, as it stands: mapped addresses are not converted.
[[nodiscard]] std::optional<SocketTuple> parse_socktuple(Bytes param);

struct UnixTuple {
  std::uint64_t source = 0;
  std::uint64_t destination = 0;
  std::string_view path;  // borrowed from the parameter
};
[[nodiscard]] std::optional<UnixTuple> parse_unix_tuple(Bytes param);

// The IPv4 address inside an IPv4-mapped one.
[[nodiscard]] IpAddress unmapped(const IpAddress& address);

// Dotted decimal, or the canonical text of RFC 5952.
void append_address(const IpAddress& address, std::string& out);

// The text that rules see of such a parameter, for example "1.2.3.4:80" and
// "1.2.3.4:5->6.7.8.9:80"; tuples whose two ends are IPv4-mapped are written as IPv4.
void assign_sockaddr_text(Bytes param, std::string& out);
void assign_socktuple_text(Bytes param, std::string& out);

// The name of an IP socket, made from its tuple: with ports for TCP and UDP, without for ICMP and
// raw sockets; "<unknown>" when the protocol is not known. Of a server socket the bound address.
void assign_socket_name(const FdInfo& info, std::string& out);

}  // namespace saker
