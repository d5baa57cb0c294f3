// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One open file description as rules see it. Shared between forked processes until one of them
// changes it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/pool.h"
#include "engine/event/snapshot.h"

namespace saker {

// An address in network order; IPv4 uses the first 4 bytes.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool is_ipv6 = false;

  [[nodiscard]] bool is_zero() const { return bytes == std::array<std::uint8_t, 16>{}; }
  // Of an IPv6 address: ::ffff:a.b.c.d, or ::, which is taken for 0.0.0.0.
  [[nodiscard]] bool is_ipv4_mapped() const;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

// Both ends of a connection. Of a server socket (FdType::kIpv4Server, kIpv6Server) only the
// destination is used: the bound address.
struct SocketTuple {
  IpAddress source;
  IpAddress destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
};

// Bits of FdInfo::open_flags: open flags in Falco's numbering. Source: flags.json, file_flags.
namespace open_flag {
inline constexpr std::uint32_t kDirectory = 1U << 10;
inline constexpr std::uint32_t kCloexec = 1U << 12;
inline constexpr std::uint32_t kCreated = 1U << 14;  // this and above: found out by the kernel side
inline constexpr std::uint32_t kUpperLayer = 1U << 15;
inline constexpr std::uint32_t kLowerLayer = 1U << 16;
}  // namespace open_flag

enum class SocketRole : std::uint8_t { kUnknown, kClient, kServer };

struct FdInfo : Pooled<FdInfo> {
  FdType type = FdType::kUnknown;
  L4Proto l4proto = L4Proto::kUnknown;
  SocketRole role = SocketRole::kUnknown;
  bool is_connected = false;
  bool is_upper_layer = false;
  bool is_lower_layer = false;
  std::uint32_t open_flags = 0;  // Falco's numbering
  std::uint32_t device =
      0;  // as the event holds it: major << 8 | minor in the kernel's user encoding
  std::uint64_t inode = 0;
  std::int64_t pid_of_pidfd = 0;
  std::string name;      // absolute path, tuple text, unix path …
  std::string name_raw;  // path as the program gave it, repeated slashes removed
  SocketTuple tuple;
  std::uint64_t unix_source = 0;
  std::uint64_t unix_destination = 0;
  std::uint64_t id = 0;  // never reused; a change of anything that rules read gives a new one

  void reset();                      // for the pool: clears values, keeps capacity
  void assign(const FdInfo& other);  // everything but `id`

  [[nodiscard]] bool is_ip_socket() const {
    return type == FdType::kIpv4Socket || type == FdType::kIpv6Socket || is_ip_server();
  }
  [[nodiscard]] bool is_ip_server() const {
    return type == FdType::kIpv4Server || type == FdType::kIpv6Server;
  }
  // What fd.l4proto tells: of a socket that is neither client nor server yet only whether it is
  // raw.
  [[nodiscard]] L4Proto visible_l4proto() const {
    const bool is_hidden = role == SocketRole::kUnknown && !is_ip_server();
    return is_hidden && l4proto != L4Proto::kRaw ? L4Proto::kNotApplicable : l4proto;
  }
  [[nodiscard]] bool is_ipv6() const {
    return type == FdType::kIpv6Socket || type == FdType::kIpv6Server;
  }
};

// The one-letter kind and the word that fd.typechar and fd.type print; both empty-handed kinds have
// a documented fallback. Source: falco-compat-fields.md 7.3.
[[nodiscard]] char type_char(FdType type);
[[nodiscard]] std::string_view type_name(FdType type);

}  // namespace saker
