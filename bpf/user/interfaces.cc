// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/interfaces.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>

namespace saker::sensor {
namespace {

struct FreeAddresses {
  void operator()(ifaddrs* list) const noexcept { ::freeifaddrs(list); }
};

void copy_address(const sockaddr* from, std::array<std::uint8_t, 16>& to) {
  if (from == nullptr) {
    return;
  }
  if (from->sa_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, from, sizeof(address));
    std::memcpy(to.data(), &address.sin_addr, sizeof(address.sin_addr));
  } else if (from->sa_family == AF_INET6) {
    sockaddr_in6 address{};
    std::memcpy(&address, from, sizeof(address));
    std::memcpy(to.data(), &address.sin6_addr, sizeof(address.sin6_addr));
  }
}

}  // namespace

std::vector<InterfaceSnapshot> list_interfaces() {
  std::vector<InterfaceSnapshot> interfaces;
  ifaddrs* raw = nullptr;
  if (::getifaddrs(&raw) != 0) {
    return interfaces;
  }
  const std::unique_ptr<ifaddrs, FreeAddresses> list(raw);
  for (const ifaddrs* entry = raw; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr ||
        (entry->ifa_addr->sa_family != AF_INET && entry->ifa_addr->sa_family != AF_INET6)) {
      continue;
    }
    InterfaceSnapshot interface;
    interface.is_ipv6 = entry->ifa_addr->sa_family == AF_INET6;
    interface.name = entry->ifa_name;
    copy_address(entry->ifa_addr, interface.address);
    copy_address(entry->ifa_netmask, interface.netmask);
    if (!interface.is_ipv6) {
      copy_address(entry->ifa_broadaddr, interface.broadcast);
    }
    interfaces.push_back(std::move(interface));
  }
  return interfaces;
}

}  // namespace saker::sensor
