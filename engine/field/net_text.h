// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Addresses, ports and other small values as text.
#pragma once

#include <cstdint>

#include "engine/base/bytes.h"
#include "engine/field/arena_text.h"

namespace saker {

// `network_order`: the 4 bytes as they stand in memory.
void append_ipv4(ArenaText& out, std::uint32_t network_order);

// The first 16 bytes, in the canonical form of RFC 5952.
void append_ipv6(ArenaText& out, Bytes address);

// A parameter of type SOCKADDR: "1.2.3.4:80", "/path" of a Unix socket.
void append_sockaddr(ArenaText& out, Bytes param);

// A parameter of type SOCKTUPLE: "1.2.3.4:5->6.7.8.9:80"; addresses of the kernel's sockets and the
// path for Unix. IPv6 tuples whose ends are both IPv4-mapped are written as IPv4.
void append_socktuple(ArenaText& out, Bytes param);

// Upper-case hexadecimal digits without prefix.
void append_hex_upper(ArenaText& out, std::uint64_t value);

// Bytes with those that are not printable ASCII replaced by '.'.
void append_printable(ArenaText& out, Bytes bytes);

}  // namespace saker
