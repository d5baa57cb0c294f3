// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/socket_text.h"

#include <arpa/inet.h>

#include <random>

#include <gtest/gtest.h>

#include "tests/support/event_builder.h"

namespace saker::testing {
namespace {

std::string text_of(const IpAddress& address) {
  std::string out;
  append_address(address, out);
  return out;
}

// What inet_ntop, which Falco uses, makes of the same bytes.
std::string expected_text(const IpAddress& address) {
  char buffer[INET6_ADDRSTRLEN] = {};
  inet_ntop(address.is_ipv6 ? AF_INET6 : AF_INET, address.bytes.data(), buffer, sizeof(buffer));
  return buffer;
}

TEST(AppendAddress, AgreesWithTheCLibrary) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same cases in every run
  for (int i = 0; i < 20000; ++i) {
    IpAddress address;
    address.is_ipv6 = i % 8 != 0;
    for (std::uint8_t& byte : address.bytes) {
      byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
    }
    if (i % 16 == 1) {
      std::fill_n(address.bytes.begin(), 12, std::uint8_t{0});
    }
    if (i % 16 == 2) {
      std::fill_n(address.bytes.begin(), 10, std::uint8_t{0});
      address.bytes[10] = address.bytes[11] = 0xff;
    }
    ASSERT_EQ(text_of(address), expected_text(address));
  }
}

TEST(SockaddrText, WritesAddressPortAndPath) {
  const std::pair<std::string, std::string_view> cases[] = {
      {sockaddr("1.2.3.4", 80), "1.2.3.4:80"},
      {sockaddr("::1", 5353), "::1:5353"},
      {unix_sockaddr("/run/x"), "/run/x"},
      {sockaddr("1.2.3.4", 80).substr(0, 4), "INVALID IPv4"},
      {"", ""},
  };
  for (const auto& [param, expected] : cases) {
    std::string out;
    assign_sockaddr_text(as_bytes(param), out);
    EXPECT_EQ(out, expected);
  }
}

TEST(SocktupleText, WritesBothEnds) {
  const std::pair<std::string, std::string_view> cases[] = {
      {socktuple("1.2.3.4", 5, "6.7.8.9", 80), "1.2.3.4:5->6.7.8.9:80"},
      {socktuple("::1", 5, "::2", 80), "::1:5->::2:80"},
      {socktuple("::ffff:1.2.3.4", 5, "::ffff:6.7.8.9", 80), "1.2.3.4:5->6.7.8.9:80"},
      {socktuple("::0", 5, "::ffff:6.7.8.9", 80), "0.0.0.0:5->6.7.8.9:80"},
      {unix_socktuple(0xffff01, 0xffff02, "/run/x"), "ffff01->ffff02 /run/x"},
      {"", ""},
      {"\x02", ""},
  };
  for (const auto& [param, expected] : cases) {
    std::string out;
    assign_socktuple_text(as_bytes(param), out);
    EXPECT_EQ(out, expected);
  }
}

TEST(SocketName, DependsOnTheProtocol) {
  FdInfo info;
  info.type = FdType::kIpv4Socket;
  info.tuple = *parse_socktuple(as_bytes(socktuple("1.2.3.4", 5, "6.7.8.9", 80)));
  const std::pair<L4Proto, std::string_view> cases[] = {
      {L4Proto::kTcp, "1.2.3.4:5->6.7.8.9:80"}, {L4Proto::kUdp, "1.2.3.4:5->6.7.8.9:80"},
      {L4Proto::kIcmp, "1.2.3.4->6.7.8.9"},     {L4Proto::kRaw, "1.2.3.4->6.7.8.9"},
      {L4Proto::kUnknown, "<unknown>"},
  };
  for (const auto& [protocol, expected] : cases) {
    info.l4proto = protocol;
    std::string out;
    assign_socket_name(info, out);
    EXPECT_EQ(out, expected);
  }
  info.type = FdType::kIpv4Server;
  std::string out;
  assign_socket_name(info, out);
  EXPECT_EQ(out, "6.7.8.9:80");
}

}  // namespace
}  // namespace saker::testing
