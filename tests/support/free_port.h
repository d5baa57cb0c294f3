// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

namespace saker::testing {

[[nodiscard]] inline bool is_port_free(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket interface
  const bool is_free = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return is_free;
}

// The first of `count` neighbouring ports of the loopback device that were free a moment ago. They
// are below those that the system gives to clients, so a server that is started again finds its
// port.
[[nodiscard]] inline int free_port(int count = 1) {
  constexpr int kFirst = 12'000;
  constexpr int kEnd = 32'000;  // Source: /proc/sys/net/ipv4/ip_local_port_range begins at 32768
  std::random_device random;
  for (;;) {
    const int first = kFirst + static_cast<int>(random() % (kEnd - kFirst));
    int free = 0;
    while (free < count && is_port_free(first + free)) {
      ++free;
    }
    if (free == count) {
      return first;
    }
  }
}

}  // namespace saker::testing
