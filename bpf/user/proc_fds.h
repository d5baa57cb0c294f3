// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Open file descriptors of processes, from /proc/PID/fd.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "bpf/user/proc_net.h"
#include "engine/event/snapshot.h"

namespace saker::sensor {

// Descriptors kept per process.
inline constexpr std::size_t kMaxFdsPerProcess = 4096;
// Network namespaces whose sockets are read; sockets of further ones stay without addresses.
inline constexpr std::size_t kMaxNetworkNamespaces = 256;

// Flags of open(2) in Falco's numbering; the kernel side has the same table for events.
[[nodiscard]] std::uint32_t event_open_flags(std::uint32_t flags);

class FdScanner {
public:
  explicit FdScanner(std::string proc_root) : proc_root_(std::move(proc_root)) {}

  // The descriptors of process `pid`, ascending.
  [[nodiscard]] FdListSnapshot scan(std::int64_t pid);

private:
  const SocketTable& sockets_of(const std::string& directory);

  std::string proc_root_;
  std::map<std::string, SocketTable> namespaces_;  // by the namespace's link
  SocketTable no_sockets_;
};

}  // namespace saker::sensor
