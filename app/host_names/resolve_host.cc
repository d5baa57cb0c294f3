// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>

#include "app/host_names/host_name_cache.h"

namespace saker::app {

namespace {

// Seconds that one name server has for an answer, and rounds through the servers.
constexpr int kSecondsPerServer = 1;
constexpr int kRounds = 2;

HostAddress address_of(const addrinfo& entry) {
  HostAddress address;
  address.is_ipv6 = entry.ai_family == AF_INET6;
  if (address.is_ipv6) {
    sockaddr_in6 socket{};
    std::memcpy(&socket, entry.ai_addr, sizeof socket);
    std::memcpy(address.bytes.data(), &socket.sin6_addr, sizeof socket.sin6_addr);
  } else {
    sockaddr_in socket{};
    std::memcpy(&socket, entry.ai_addr, sizeof socket);
    std::memcpy(address.bytes.data(), &socket.sin_addr, sizeof socket.sin_addr);
  }
  return address;
}

}  // namespace

std::vector<HostAddress> resolve_host(const std::string& name) {
  if (::res_init() == 0) {  // of this thread; also takes a changed resolv.conf
    _res.retrans = kSecondsPerServer;
    _res.retry = kRounds;
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(name.c_str(), nullptr, &hints, &list) != 0) {
    return {};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
  std::vector<HostAddress> addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family == AF_INET || entry->ai_family == AF_INET6) {
      addresses.push_back(address_of(*entry));
    }
  }
  return addresses;
}

}  // namespace saker::app
