// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Sockets of a network namespace by inode, from /proc/PID/net.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "engine/event/snapshot.h"

namespace saker::sensor {

// Sockets kept per namespace and protocol; the rest of a larger table is left out.
inline constexpr std::size_t kMaxSocketsPerTable = 65536;

// Socket descriptors by inode, with type, addresses and protocol filled in.
using SocketTable = std::unordered_map<std::uint64_t, FdSnapshot>;

// Reads tcp, tcp6, udp, udp6, raw, raw6, unix and netlink below `net_directory`.
[[nodiscard]] SocketTable read_sockets(const std::string& net_directory);

}  // namespace saker::sensor
