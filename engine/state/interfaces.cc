// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/interfaces.h"

#include <algorithm>
#include <cstring>

namespace saker {

namespace {

constexpr std::size_t kIpv6PrefixBytes = 8;

[[nodiscard]] std::size_t width(bool is_ipv6) {
  return is_ipv6 ? 16 : 4;
}

[[nodiscard]] bool same_address(const InterfaceSnapshot& row, const IpAddress& address) {
  return row.is_ipv6 == address.is_ipv6 &&
         std::memcmp(row.address.data(), address.bytes.data(), width(row.is_ipv6)) == 0;
}

[[nodiscard]] bool same_subnet(const InterfaceSnapshot& row, const IpAddress& address) {
  for (std::size_t i = 0; i < width(row.is_ipv6); ++i) {
    if (((row.address[i] ^ address.bytes[i]) & row.netmask[i]) != 0) {
      return false;
    }
  }
  return true;
}

[[nodiscard]] bool is_loopback(const InterfaceSnapshot& row) {
  static constexpr std::array<std::uint8_t, 4> kIpv4Loopback = {127, 0, 0, 1};
  if (!row.is_ipv6) {
    return std::memcmp(row.address.data(), kIpv4Loopback.data(), kIpv4Loopback.size()) == 0;
  }
  std::array<std::uint8_t, 16> ipv6_loopback{};
  ipv6_loopback[15] = 1;
  return row.address == ipv6_loopback;
}

}  // namespace

void Interfaces::assign(const std::vector<InterfaceSnapshot>& interfaces) {
  interfaces_ = interfaces;
}

bool Interfaces::is_local(const IpAddress& address) const {
  return std::ranges::any_of(interfaces_, [&](const InterfaceSnapshot& row) {
    if (!address.is_ipv6) {
      return same_address(row, address);
    }
    return row.is_ipv6 &&
           std::memcmp(row.address.data(), address.bytes.data(), kIpv6PrefixBytes) == 0;
  });
}

IpAddress Interfaces::infer_local(const IpAddress& other) const {
  IpAddress result;
  result.is_ipv6 = other.is_ipv6;
  const auto take_first = [&](auto&& accepts) {
    for (const InterfaceSnapshot& row : interfaces_) {
      if (row.is_ipv6 == other.is_ipv6 && accepts(row)) {
        result.bytes = row.address;
        return true;
      }
    }
    return false;
  };
  static_cast<void>(
      take_first([&](const InterfaceSnapshot& row) { return same_address(row, other); }) ||
      take_first([&](const InterfaceSnapshot& row) { return same_subnet(row, other); }) ||
      take_first([](const InterfaceSnapshot& row) { return !is_loopback(row); }));
  return result;
}

}  // namespace saker
