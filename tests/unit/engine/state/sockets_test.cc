// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::testing {
namespace {

constexpr int kInet = 2;
constexpr int kInet6 = 10;
constexpr int kStream = 1;
constexpr int kDatagram = 2;

class Sockets : public StateFixture {
protected:
  void make_socket(std::int64_t fd, int domain, int type, int protocol = 0) {
    apply(EventBuilder(kSocketSocketX)
              .tid(kShell)
              .with("fd", fd)
              .with("domain", domain)
              .with("type", type)
              .with("proto", protocol));
  }
  void bind(std::int64_t fd, const std::string& address) {
    apply(EventBuilder(kSocketBindX).tid(kShell).with("fd", fd).with("addr", address));
  }
  const Applied& connect(std::int64_t fd, const std::string& tuple, int result = 0) {
    return apply(EventBuilder(kSocketConnectX)
                     .tid(kShell)
                     .with("fd", fd)
                     .with("res", result)
                     .with("tuple", tuple));
  }
  const Applied& transfer(EventType type, std::int64_t fd, const std::string& tuple) {
    return apply(EventBuilder(type).tid(kShell).with("fd", fd).with("res", 5).with("tuple", tuple));
  }
  const FdInfo& info(std::int64_t number) { return *fd(kShell, number); }
};

struct ProtocolCase {
  int type;
  int protocol;
  L4Proto expected;
};

TEST_F(Sockets, ProtocolFollowsFromTypeAndNumber) {
  const ProtocolCase cases[] = {
      {kStream, 0, L4Proto::kTcp},
      {kDatagram, 0, L4Proto::kUdp},
      {kStream | 0x80000, 6, L4Proto::kTcp},
      {kDatagram | 0x800, 17, L4Proto::kUdp},
      {3, 1, L4Proto::kRaw},
      {kDatagram, 1, L4Proto::kIcmp},
      {3, 255, L4Proto::kRaw},
      {3, 6, L4Proto::kRaw},
      {5, 132, L4Proto::kUnknown},
  };
  for (const ProtocolCase& row : cases) {
    make_socket(3, kInet, row.type, row.protocol);
    EXPECT_EQ(info(3).l4proto, row.expected) << row.type << " " << row.protocol;
    EXPECT_EQ(info(3).type, FdType::kIpv4Socket);
    EXPECT_EQ(info(3).name, "");
  }
}

TEST_F(Sockets, KindFollowsFromTheFamily) {
  const std::pair<int, FdType> cases[] = {{1, FdType::kUnixSocket},
                                          {kInet, FdType::kIpv4Socket},
                                          {kInet6, FdType::kIpv6Socket},
                                          {16, FdType::kNetlink},
                                          {17, FdType::kUnknown}};
  for (const auto& [domain, type] : cases) {
    make_socket(3, domain, kDatagram);
    EXPECT_EQ(info(3).type, type);
  }
}

TEST_F(Sockets, ProtocolIsHiddenUntilTheRoleIsKnown) {
  make_socket(3, kInet, kStream);
  EXPECT_EQ(info(3).visible_l4proto(), L4Proto::kNotApplicable);
  connect(3, socktuple("10.0.0.5", 40000, "8.8.8.8", 53));
  EXPECT_EQ(info(3).visible_l4proto(), L4Proto::kTcp);
}

TEST_F(Sockets, BindMakesAServer) {
  make_socket(3, kInet, kStream);
  bind(3, sockaddr("0.0.0.0", 80));
  EXPECT_EQ(info(3).type, FdType::kIpv4Server);
  EXPECT_EQ(info(3).role, SocketRole::kServer);
  EXPECT_EQ(info(3).name, "0.0.0.0:80");
  EXPECT_EQ(info(3).tuple.destination_port, 80);
  EXPECT_EQ(info(3).l4proto, L4Proto::kTcp);
}

TEST_F(Sockets, BindToNoPortOnlyNames) {
  make_socket(3, kInet, kStream);
  bind(3, sockaddr("10.0.0.5", 0));
  EXPECT_EQ(info(3).type, FdType::kIpv4Socket);
  EXPECT_EQ(info(3).role, SocketRole::kUnknown);
  EXPECT_EQ(info(3).name, "10.0.0.5:0");
  make_socket(4, 1, kStream);
  bind(4, unix_sockaddr("/run/x.sock"));
  EXPECT_EQ(info(4).name, "/run/x.sock");
}

TEST_F(Sockets, BindToAMappedAddressIsIpv4) {
  make_socket(3, kInet6, kStream);
  bind(3, sockaddr("::ffff:1.2.3.4", 80));
  EXPECT_EQ(info(3).type, FdType::kIpv4Server);
  bind(3, sockaddr("::1", 80));
  EXPECT_EQ(info(3).type, FdType::kIpv6Server);
}

TEST_F(Sockets, ConnectNamesAndConnects) {
  make_socket(3, kInet, kStream);
  const Applied& applied = connect(3, socktuple("10.0.0.5", 40000, "8.8.8.8", 443));
  EXPECT_TRUE(applied.is_fd_name_changed);
  EXPECT_EQ(applied.fd->name, "10.0.0.5:40000->8.8.8.8:443");
  EXPECT_EQ(applied.fd->role, SocketRole::kClient);
  EXPECT_TRUE(applied.fd->is_connected);
}

TEST_F(Sockets, FailedConnectLeavesTheSocketAlone) {
  make_socket(3, kInet, kStream);
  connect(3, socktuple("10.0.0.5", 40000, "8.8.8.8", 443), -111);
  EXPECT_EQ(info(3).name, "");
  EXPECT_FALSE(info(3).is_connected);
  connect(3, socktuple("10.0.0.5", 40000, "8.8.8.8", 443), -115);  // EINPROGRESS
  EXPECT_TRUE(info(3).is_connected);
}

TEST_F(Sockets, MappedConnectLosesItsProtocol) {
  make_socket(3, kInet6, kStream);
  connect(3, socktuple("::ffff:10.0.0.5", 40000, "::ffff:8.8.8.8", 443));
  EXPECT_EQ(info(3).type, FdType::kIpv4Socket);
  EXPECT_EQ(info(3).name, "<unknown>");
  EXPECT_EQ(info(3).tuple.destination_port, 443);
}

// The tuple comes from the kernel's socket, addresses from the program's memory.
TEST_F(Sockets, OnlyTheTupleOfAConnectCounts) {
  make_socket(3, kInet, kStream);
  apply(EventBuilder(kSocketConnectE)
            .tid(kShell)
            .with("fd", 3)
            .with("addr", sockaddr("9.9.9.9", 99)));
  apply(EventBuilder(kSocketConnectX)
            .tid(kShell)
            .with("fd", 3)
            .with("tuple", socktuple("10.0.0.5", 40000, "8.8.8.8", 443))
            .with("addr", sockaddr("8.8.8.8", 443)));
  EXPECT_EQ(info(3).name, "10.0.0.5:40000->8.8.8.8:443");
}

TEST_F(Sockets, AcceptMakesAConnectedServer) {
  const Applied& applied = apply(EventBuilder(kSocketAccept4V6X)
                                     .tid(kShell)
                                     .with("fd", 4)
                                     .with("tuple", socktuple("8.8.8.8", 40000, "10.0.0.5", 80)));
  ASSERT_NE(applied.fd, nullptr);
  EXPECT_EQ(applied.fd->name, "8.8.8.8:40000->10.0.0.5:80");
  EXPECT_EQ(applied.fd->l4proto, L4Proto::kTcp);
  EXPECT_EQ(applied.fd->role, SocketRole::kServer);
  EXPECT_TRUE(applied.fd->is_connected);
}

TEST_F(Sockets, AcceptWithoutAddressMakesNoRecord) {
  const Applied& applied = apply(EventBuilder(kSocketAcceptV5X).tid(kShell).with("fd", 4));
  EXPECT_EQ(applied.fd, nullptr);
  EXPECT_EQ(applied.fd_number, 4);
}

TEST_F(Sockets, PairsKnowEachOther) {
  apply(EventBuilder(kSocketSocketpairX)
            .tid(kShell)
            .with("fd1", 3)
            .with("fd2", 4)
            .with("source", 0x10)
            .with("peer", 0x20));
  EXPECT_EQ(info(3).unix_source, 0x10U);
  EXPECT_EQ(info(3).unix_destination, 0x20U);
  EXPECT_EQ(info(4).unix_source, 0x20U);
  EXPECT_EQ(info(4).type, FdType::kUnixSocket);
  EXPECT_EQ(info(4).name, "");
}

TEST_F(Sockets, DatagramsNameTheSocket) {
  make_socket(3, kInet, kDatagram);
  const Applied& sent = transfer(kSocketSendtoX, 3, socktuple("0.0.0.0", 5000, "8.8.8.8", 53));
  EXPECT_TRUE(sent.is_fd_name_changed);
  EXPECT_EQ(sent.fd->name, "10.0.0.5:5000->8.8.8.8:53");  // our end is inferred
  EXPECT_EQ(sent.fd->role, SocketRole::kClient);
  EXPECT_TRUE(sent.fd->is_connected);
  const Applied& answer = transfer(kSocketRecvfromX, 3, socktuple("8.8.8.8", 53, "10.0.0.5", 5000));
  EXPECT_FALSE(answer.is_fd_name_changed);
  EXPECT_EQ(answer.fd->name, "10.0.0.5:5000->8.8.8.8:53");
  const Applied& other = transfer(kSocketSendtoX, 3, socktuple("0.0.0.0", 5000, "10.0.0.9", 53));
  EXPECT_TRUE(other.is_fd_name_changed);
  EXPECT_EQ(other.fd->name, "10.0.0.5:5000->10.0.0.9:53");
}

TEST_F(Sockets, BoundDatagramSocketIsTheServer) {
  make_socket(3, kInet, kDatagram);
  bind(3, sockaddr("10.0.0.5", 53));
  const Applied& asked = transfer(kSocketRecvfromX, 3, socktuple("8.8.8.8", 5000, "10.0.0.5", 53));
  EXPECT_EQ(asked.fd->name, "8.8.8.8:5000->10.0.0.5:53");
  EXPECT_EQ(asked.fd->type, FdType::kIpv4Socket);
  EXPECT_EQ(asked.fd->role, SocketRole::kServer);
  // An answer to somebody else: the client still comes first.
  const Applied& answer = transfer(kSocketSendtoX, 3, socktuple("10.0.0.5", 53, "7.7.7.7", 6000));
  EXPECT_EQ(answer.fd->name, "7.7.7.7:6000->10.0.0.5:53");
}

TEST_F(Sockets, BoundIpv6SocketIsOverwrittenAsInFalco) {
  make_socket(3, kInet6, kDatagram);
  bind(3, sockaddr("::1", 53));
  const Applied& asked = transfer(kSocketRecvfromX, 3, socktuple("::2", 5000, "::1", 53));
  EXPECT_EQ(asked.fd->type, FdType::kIpv6Server);
  EXPECT_EQ(asked.fd->name, "::2:5000->::1:53");
  EXPECT_EQ(asked.fd->tuple.destination_port, 0);
}

TEST_F(Sockets, StreamsKeepTheirName) {
  make_socket(3, kInet, kStream);
  connect(3, socktuple("10.0.0.5", 40000, "8.8.8.8", 443));
  const Applied& sent = transfer(kSocketSendtoX, 3, socktuple("10.0.0.5", 1, "9.9.9.9", 2));
  EXPECT_FALSE(sent.is_fd_name_changed);
  EXPECT_EQ(sent.fd->name, "10.0.0.5:40000->8.8.8.8:443");
}

TEST_F(Sockets, SendOnAnUnknownFdMakesAUdpSocket) {
  const Applied& sent = transfer(kSocketSendmsgX, 33, socktuple("10.0.0.5", 1, "9.9.9.9", 2));
  ASSERT_NE(sent.fd, nullptr);
  EXPECT_EQ(sent.fd->l4proto, L4Proto::kUdp);
  EXPECT_EQ(sent.fd->name, "10.0.0.5:1->9.9.9.9:2");
  EXPECT_EQ(transfer(kSocketRecvmsgX, 34, socktuple("10.0.0.5", 1, "9.9.9.9", 2)).fd, nullptr);
}

TEST_F(Sockets, UnixDatagramsNameTheSocket) {
  make_socket(3, 1, kDatagram);
  const Applied& sent = transfer(kSocketSendtoX, 3, unix_socktuple(0x10, 0x20, "/dev/log"));
  EXPECT_EQ(sent.fd->name, "10->20 /dev/log");
  EXPECT_TRUE(sent.is_fd_name_changed);
  EXPECT_FALSE(sent.fd->is_connected);
}

TEST_F(Sockets, ReadsAndWritesShowAConnection) {
  make_socket(3, kInet, kStream);
  apply(EventBuilder(kSyscallWriteX).tid(kShell).with("fd", 3).with("res", -32));
  EXPECT_FALSE(info(3).is_connected);
  apply(EventBuilder(kSyscallWriteX).tid(kShell).with("fd", 3).with("res", 1));
  EXPECT_TRUE(info(3).is_connected);
}

TEST_F(Sockets, ChangesDoNotReachTheForkedProcess) {
  make_socket(3, kInet, kStream);
  fork(kShell, 650);
  connect(3, socktuple("10.0.0.5", 40000, "8.8.8.8", 443));
  EXPECT_EQ(fd_name(650, 3), "");
  EXPECT_EQ(fd_name(kShell, 3), "10.0.0.5:40000->8.8.8.8:443");
}

TEST_F(Sockets, SnapshotDecidesRolesByBoundPorts) {
  Snapshot snapshot = small_system();
  FdSnapshot server = fd_snapshot(3, FdType::kIpv4Server, "");
  server.destination_port = 80;
  server.l4proto = L4Proto::kTcp;
  FdSnapshot accepted = fd_snapshot(4, FdType::kIpv4Socket, "");
  accepted.source_address = {10, 0, 0, 5};
  accepted.source_port = 80;
  accepted.destination_address = {8, 8, 8, 8};
  accepted.destination_port = 40000;
  accepted.l4proto = L4Proto::kTcp;
  FdSnapshot own = accepted;
  own.fd = 5;
  own.source_port = 50000;
  snapshot.fd_lists[1].fds = {server, accepted, own};
  state.reset(snapshot);
  EXPECT_EQ(fd_name(kServer, 3), "0.0.0.0:80");
  EXPECT_EQ(fd_name(kServer, 4), "8.8.8.8:40000->10.0.0.5:80");
  EXPECT_EQ(fd(kServer, 4)->role, SocketRole::kServer);
  EXPECT_TRUE(fd(kServer, 4)->is_connected);
  EXPECT_EQ(fd_name(kServer, 5), "10.0.0.5:50000->8.8.8.8:40000");
  EXPECT_EQ(fd(kServer, 5)->role, SocketRole::kClient);
}

}  // namespace
}  // namespace saker::testing
