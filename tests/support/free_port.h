// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace saker::testing {

// A port of the loopback device that was free a moment ago.
[[nodiscard]] inline int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket interface
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ::bind(fd, generic, size);
  ::getsockname(fd, generic, &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

}  // namespace saker::testing
