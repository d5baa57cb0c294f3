// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/proc_net.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace saker::sensor {
namespace {

TEST(ProcNet, ReadsSocketsOfEveryKind) {
  const testing::TempDir root;
  std::ofstream(root.path() / "tcp")
      << "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "
         "timeout inode\n"
         "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        "
         "0 501 1\n"
         "   1: 0100007F:1F90 0200000A:0050 01 00000000:00000000 00:00000000 00000000     0        "
         "0 502 1\n"
         "garbage\n";
  std::ofstream(root.path() / "udp6")
      << "header\n"
         "  1: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 "
         "0:0 0:0 0 0 0 503 2\n";
  std::ofstream(root.path() / "unix") << "header\n"
                                         "0000000000000000: 00000002 00000000 00010000 0001 01 "
                                         "504 /run/with space\n"
                                         "0000000000000000: 00000002 00000000 00000000 0002 01 "
                                         "505\n";
  std::ofstream(root.path() / "netlink") << "header\n0000000000000000 0 1 00000550 0 0 0 2 0 506\n";

  const SocketTable sockets = read_sockets(root.path().string());
  ASSERT_EQ(sockets.size(), 6U);
  const FdSnapshot& server = sockets.at(501);
  EXPECT_EQ(server.type, FdType::kIpv4Server);
  EXPECT_EQ(server.l4proto, L4Proto::kTcp);
  EXPECT_EQ(server.destination_port, 0x1f90);
  EXPECT_EQ(server.destination_address[0], 127);
  EXPECT_EQ(server.destination_address[3], 1);
  const FdSnapshot& connection = sockets.at(502);
  EXPECT_EQ(connection.type, FdType::kIpv4Socket);
  EXPECT_EQ(connection.source_port, 0x1f90);
  EXPECT_EQ(connection.destination_address[0], 10);
  EXPECT_EQ(connection.destination_address[3], 2);
  EXPECT_EQ(connection.destination_port, 80);
  EXPECT_EQ(sockets.at(503).type, FdType::kIpv6Server);
  EXPECT_EQ(sockets.at(503).destination_address[15], 1);
  EXPECT_EQ(sockets.at(503).l4proto, L4Proto::kUdp);
  EXPECT_EQ(sockets.at(504).name, "/run/with space");
  EXPECT_EQ(sockets.at(505).name, "");
  EXPECT_EQ(sockets.at(505).type, FdType::kUnixSocket);
  EXPECT_EQ(sockets.at(506).type, FdType::kNetlink);
}

TEST(ProcNet, IsEmptyWithoutFiles) {
  EXPECT_TRUE(read_sockets("/nonexistent").empty());
}

}  // namespace
}  // namespace saker::sensor
