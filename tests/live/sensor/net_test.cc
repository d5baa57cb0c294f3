// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Socket calls: addresses, tuples, payload.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <chrono>
#include <cstring>
#include <thread>

#include <gtest/gtest.h>

#include "tests/live/sensor/sensor_fixture.h"

namespace saker::sensor::testing {
namespace {

sockaddr_in inet_address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

sockaddr_un unix_address(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(&address.sun_path[0], path, sizeof(address.sun_path) - 1);
  return address;
}

// A listening TCP socket on loopback as descriptor kFd; returns its port.
std::uint16_t listen_known() {
  rename_fd(::socket(AF_INET, SOCK_STREAM, 0), kFd);
  sockaddr_in address = inet_address(0);
  ::bind(kFd, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  ::listen(kFd, 4);
  socklen_t length = sizeof(address);
  ::getsockname(kFd, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

std::uint16_t own_port(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

// "127.0.0.1" and a port as an event has them.
std::string end_text(std::uint16_t port) {
  const char bytes[] = {127, 0, 0, 1, static_cast<char>(port & 0xff), static_cast<char>(port >> 8)};
  return std::string(bytes, sizeof(bytes));
}

TEST(SensorNet, TellsSimpleCalls) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const std::vector<Case> cases = {
      {"socket",
       [](Notes& n) { n.number[0] = call(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 6); },
       "fd={0}; domain=2; type=524289; proto=6; flags=4096"},
      {"socket", [](Notes&) { call(SYS_socket, 9999, 1, 0); },
       "fd=-97; domain=0; type=1; proto=0; flags=0"},
      {"listen", [](Notes&) { call(SYS_listen, 999, 7); }, "res=-9; fd=999; backlog=7"},
      {"shutdown", [](Notes&) { call(SYS_shutdown, 999, 1); }, "res=-9; fd=999; how=1"},
      {"shutdown", [](Notes&) { call(SYS_shutdown, 999, 9); }, "res=-9; fd=999; how=255"},
      {"getsockname", [](Notes&) { call(SYS_getsockname, 999, nullptr, nullptr); }, ""},
      {"getpeername", [](Notes&) { call(SYS_getpeername, 999, nullptr, nullptr); }, ""},
      {"accept", [](Notes&) { call(SYS_accept, 999, nullptr, nullptr); },
       "fd=-9; tuple=<missing>; queuepct=0; queuelen=0; queuemax=0"},
      {"accept4", [](Notes&) { call(SYS_accept4, 999, nullptr, nullptr, SOCK_NONBLOCK); },
       "fd=-9; tuple=<missing>; queuepct=0; queuelen=0; queuemax=0; flags=64"},
      {"sendto",
       [](Notes&) {
         char text[] = "text";  // on the stack: the kernel side cannot wait for a page
         call(SYS_sendto, 999, &text[0], 4, 0, nullptr, 0);
       },
       "res=-9; data=text; fd=999; size=4; tuple=<missing>"},
      {"recvfrom", [](Notes&) { call(SYS_recvfrom, 999, nullptr, 9, 0, nullptr, nullptr); },
       "res=-9; data=<missing>; tuple=<missing>; fd=999; size=9"},
      {"setsockopt",
       [](Notes&) {
         rename_fd(::socket(AF_INET, SOCK_STREAM, 0), kFd);
         const int value = 1;
         call(SYS_setsockopt, kFd, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value));
       },
       "res=0; fd=100; level=1; optname=2; val=\\x02\\x01\\x00\\x00\\x00; optlen=4"},
      {"setsockopt",
       [](Notes&) {
         const timeval value{1, 0};
         call(SYS_setsockopt, kFd, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof(value));
       },
       "res=0; fd=100; level=1; optname=20; val=\\x04\\x00\\xca\\x9a;\\x00\\x00\\x00\\x00; "
       "optlen=16"},
      {"getsockopt",
       [](Notes&) {
         int value = 0;
         socklen_t length = sizeof(value);
         call(SYS_getsockopt, kFd, SOL_SOCKET, SO_ERROR, &value, &length);
       },
       "res=0; fd=100; level=1; optname=4; val=\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00; "
       "optlen=4"},
      {"bind",
       [](Notes&) {
         sockaddr_in address = inet_address(0x1234);
         call(SYS_bind, 999, &address, sizeof(address));
       },
       "res=-9; addr=\\x02\\x7f\\x00\\x00\\x014\\x12; fd=999"},
      {"bind",
       [](Notes&) {
         sockaddr_un address = unix_address("/no/such/socket");
         call(SYS_bind, 999, &address, sizeof(address));
       },
       "res=-9; addr=\\x01/no/such/socket\\x00; fd=999"},
      {"bind",
       [](Notes&) {
         sockaddr_un address = unix_address("");
         std::memcpy(&address.sun_path[1], "hidden", 6);
         call(SYS_bind, 999, &address, 9);
       },
       "res=-9; addr=\\x01hidden\\x00; fd=999"},
      {"connect",
       [](Notes&) {
         sockaddr_in address = inet_address(1);
         call(SYS_connect, 999, &address, sizeof(address));
       },
       "res=-9; tuple=<missing>; fd=999; addr=\\x02\\x7f\\x00\\x00\\x01\\x01\\x00"},
      {"sendmsg", [](Notes&) { call(SYS_sendmsg, 999, nullptr, 0); },
       "res=-9; data=<missing>; fd=999; size=<missing>; tuple=<missing>"},
      {"recvmsg", [](Notes&) { call(SYS_recvmsg, 999, nullptr, 0); },
       "res=-9; size=0; data=<missing>; tuple=<missing>; msgcontrol=<missing>; fd=999"},
      {"sendmmsg", [](Notes&) { call(SYS_sendmmsg, 999, nullptr, 1, 0); },
       "res=-9; fd=999; size=0; data=<missing>; tuple=<missing>"},
      {"recvmmsg", [](Notes&) { call(SYS_recvmmsg, 999, nullptr, 1, 0, nullptr); },
       "res=-9; fd=999; size=0; data=<missing>; tuple=<missing>; msgcontrol=<missing>"},
  };
  check_cases(cases);
}

TEST(SensorNet, TellsTcpConversation) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run =
      record({"connect", "accept4", "sendto", "recvfrom", "sendmsg", "recvmsg", "bind"}, [] {
        const std::uint16_t port = listen_known();
        rename_fd(::socket(AF_INET, SOCK_STREAM, 0), kFd2);
        sockaddr_in address = inet_address(port);
        ::connect(kFd2, reinterpret_cast<sockaddr*>(&address), sizeof(address));
        const int accepted = ::accept4(kFd, nullptr, nullptr, SOCK_CLOEXEC);
        ::send(kFd2, "question", 8, 0);
        char buffer[64];
        ::recv(accepted, buffer, sizeof(buffer), 0);
        iovec pieces[2] = {{const_cast<char*>("ans"), 3}, {const_cast<char*>("wer"), 3}};
        msghdr message{};
        message.msg_iov = pieces;
        message.msg_iovlen = 2;
        ::sendmsg(accepted, &message, 0);
        iovec space = {buffer, sizeof(buffer)};
        message.msg_iov = &space;
        message.msg_iovlen = 1;
        ::recvmsg(kFd2, &message, 0);
        ::_exit(own_port(kFd2) == 0 ? 1 : 0);
      });
  ASSERT_EQ(run.error, "");
  const Record* connect = run.find("connect");
  const Record* accept = run.find("accept4");
  const Record* send = run.find("sendto");
  const Record* receive = run.find("recvfrom");
  const Record* send_message = run.find("sendmsg");
  const Record* receive_message = run.find("recvmsg");
  for (const Record* event : {connect, accept, send, receive, send_message, receive_message}) {
    ASSERT_NE(event, nullptr) << run.describe();
  }
  const std::string tuple = connect->bytes("tuple");
  ASSERT_EQ(tuple.size(), 13U) << connect->describe();
  EXPECT_EQ(tuple.front(), 2);
  const std::string client = tuple.substr(1, 6);
  const std::string server = tuple.substr(7, 6);
  EXPECT_EQ(client.substr(0, 4), end_text(0).substr(0, 4));
  EXPECT_EQ("\x02" + server, connect->bytes("addr"));
  EXPECT_EQ(connect->number("res"), 0);
  EXPECT_EQ(connect->number("fd"), kFd2);
  EXPECT_EQ(accept->bytes("tuple"), "\x02" + client + server);
  EXPECT_EQ(accept->number("queuemax"), 4);
  EXPECT_EQ(accept->number("flags"), 4096);
  EXPECT_EQ(send->bytes("tuple"), "\x02" + client + server);
  EXPECT_EQ(send->bytes("data"), "question");
  EXPECT_EQ(receive->bytes("tuple"), "\x02" + client + server);
  EXPECT_EQ(receive->bytes("data"), "question");
  EXPECT_EQ(receive->number("size"), 64);
  EXPECT_EQ(send_message->bytes("data"), "answer");
  EXPECT_EQ(send_message->number("size"), 6);
  EXPECT_EQ(send_message->bytes("tuple"), "\x02" + server + client);
  EXPECT_EQ(receive_message->bytes("data"), "answer");
  EXPECT_EQ(receive_message->number("res"), 6);
  EXPECT_EQ(receive_message->bytes("tuple"), "\x02" + server + client);
}

TEST(SensorNet, TellsDatagramsAndUnixSockets) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run =
      record({"sendto", "recvfrom", "sendmmsg", "recvmmsg", "connect", "accept", "socketpair"}, [] {
        // UDP over IPv6, unconnected: the addresses are in the calls.
        rename_fd(::socket(AF_INET6, SOCK_DGRAM, 0), kFd);
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_addr = in6addr_loopback;
        ::bind(kFd, reinterpret_cast<sockaddr*>(&address), sizeof(address));
        socklen_t length = sizeof(address);
        ::getsockname(kFd, reinterpret_cast<sockaddr*>(&address), &length);
        rename_fd(::socket(AF_INET6, SOCK_DGRAM, 0), kFd2);
        ::sendto(kFd2, "datagram", 8, 0, reinterpret_cast<sockaddr*>(&address), sizeof(address));
        char buffer[64];
        sockaddr_in6 from{};
        length = sizeof(from);
        ::recvfrom(kFd, buffer, sizeof(buffer), 0, reinterpret_cast<sockaddr*>(&from), &length);
        // Several messages in one call, over a pair.
        int pair[2];
        ::socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
        iovec one = {const_cast<char*>("one"), 3};
        iovec two = {const_cast<char*>("two!"), 4};
        mmsghdr messages[2]{};
        messages[0].msg_hdr.msg_iov = &one;
        messages[0].msg_hdr.msg_iovlen = 1;
        messages[1].msg_hdr.msg_iov = &two;
        messages[1].msg_hdr.msg_iovlen = 1;
        ::sendmmsg(pair[0], messages, 2, 0);
        char space[2][8];
        iovec in[2] = {{space[0], 8}, {space[1], 8}};
        messages[0].msg_hdr.msg_iov = &in[0];
        messages[1].msg_hdr.msg_iov = &in[1];
        ::recvmmsg(pair[1], messages, 2, 0, nullptr);
        // A named unix stream.
        const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un path = unix_address("");
        std::memcpy(&path.sun_path[1], "saker-live-test", 15);
        ::bind(listener, reinterpret_cast<sockaddr*>(&path), 2 + 16);
        ::listen(listener, 1);
        const int client = ::socket(AF_UNIX, SOCK_STREAM, 0);
        ::connect(client, reinterpret_cast<sockaddr*>(&path), 2 + 16);
        ::accept(listener, nullptr, nullptr);
      });
  ASSERT_EQ(run.error, "");
  ASSERT_NE(run.find("sendto"), nullptr) << run.describe();
  ASSERT_NE(run.find("recvfrom"), nullptr) << run.describe();
  const std::string sent = run.find("sendto")->bytes("tuple");
  const std::string received = run.find("recvfrom")->bytes("tuple");
  ASSERT_EQ(sent.size(), 37U);
  ASSERT_EQ(received.size(), 37U);
  const std::string loopback = std::string(15, '\0') + '\x01';
  EXPECT_EQ(sent.front(), 10);
  EXPECT_EQ(sent.substr(19, 16), loopback);
  EXPECT_EQ(received.substr(1, 16), loopback);
  EXPECT_EQ(received.substr(17, 2), sent.substr(17, 2));  // the sender's port
  EXPECT_EQ(received.substr(19), sent.substr(19));        // the receiver
  ASSERT_EQ(run.count("sendmmsg"), 2U) << run.describe();
  ASSERT_EQ(run.count("recvmmsg"), 2U) << run.describe();
  EXPECT_EQ(run.find("sendmmsg")->bytes("data"), "one");
  EXPECT_EQ(run.find("sendmmsg", 1)->bytes("data"), "two!");
  EXPECT_EQ(run.find("sendmmsg", 1)->number("res"), 4);
  EXPECT_EQ(run.find("recvmmsg", 1)->bytes("data"), "two!");
  EXPECT_EQ(run.find("recvmmsg")->bytes("tuple"), run.find("sendmmsg")->bytes("tuple"));
  const Record* pair = run.find("socketpair");
  ASSERT_NE(pair, nullptr);
  EXPECT_EQ(pair->number("domain"), 1);
  EXPECT_NE(pair->number("source"), 0);
  EXPECT_NE(pair->number("peer"), 0);
  const Record* connect = run.find("connect");
  const Record* accept = run.find("accept");
  ASSERT_NE(connect, nullptr);
  ASSERT_NE(accept, nullptr);
  EXPECT_EQ(connect->bytes("tuple").substr(17), std::string("saker-live-test") + '\0');
  EXPECT_EQ(connect->bytes("addr"), std::string("\x01saker-live-test") + '\0');
  EXPECT_EQ(accept->bytes("tuple"), connect->bytes("tuple"));
  const Ledger& ledger = run.ledger;
  EXPECT_EQ(ledger.seen, ledger.submitted + ledger.filtered() + ledger.lost());
}

// A program can take the page of a message's header away while the call waits for the next message.
TEST(SensorNet, AccountsForMessagesThatCannotBeRead) {
  SAKER_SKIP_WITHOUT_SENSOR();
  constexpr int kRounds = 5;
  const Recording run = record({"recvmmsg"}, [] {
    constexpr std::size_t kPage = 4096;
    for (int round = 0; round < kRounds; ++round) {
      int pair[2];
      ::socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
      auto* pages = static_cast<char*>(
          ::mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
      auto* messages = reinterpret_cast<mmsghdr*>(pages + kPage - sizeof(mmsghdr));
      char space[2][8];
      iovec in[2] = {{space[0], 8}, {space[1], 8}};
      for (int i = 0; i < 2; ++i) {
        messages[i].msg_hdr.msg_iov = &in[i];
        messages[i].msg_hdr.msg_iovlen = 1;
      }
      ::send(pair[0], "a", 1, 0);
      std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        ::madvise(pages, kPage, MADV_DONTNEED);
        ::send(pair[0], "b", 1, 0);
      });
      ::recvmmsg(pair[1], messages, 2, 0, nullptr);
      other.join();
    }
  });
  ASSERT_EQ(run.error, "");
  EXPECT_EQ(run.count("recvmmsg"), 2U * kRounds) << run.describe();
  const Record* unread =
      run.find_if("recvmmsg", [](const Record& event) { return event.is_missing("res"); });
  ASSERT_NE(unread, nullptr) << run.describe();
  EXPECT_TRUE(unread->is_missing("size"));
  EXPECT_TRUE(unread->is_missing("data"));
  EXPECT_EQ(unread->bytes("tuple").substr(0, 1), "\x01");
  EXPECT_GT(run.ledger.flaw_page_fault, 0U);
  const Ledger& ledger = run.ledger;
  EXPECT_EQ(ledger.seen, ledger.submitted + ledger.filtered() + ledger.lost());
  for (const ClassLedger& part : ledger.by_class) {
    EXPECT_EQ(part.seen, part.submitted + part.filtered + part.lost_ring_full + part.lost_other);
  }
}

// A connected socket knows its other end; the call's memory need not say the same any more. Without
// a race: where the kernel itself makes another address of what the call says.
TEST(SensorNet, TellsTheOtherEndAsTheSocketKnowsIt) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Folder folder;
  const Recording run = record({"connect", "sendto"}, [&folder] {
    const std::uint16_t port = listen_known();
    sockaddr_in any = inet_address(port);
    any.sin_addr.s_addr = htonl(INADDR_ANY);  // means loopback
    auto* generic = reinterpret_cast<sockaddr*>(&any);
    rename_fd(::socket(AF_INET, SOCK_STREAM, 0), kFd2);
    ::connect(kFd2, generic, sizeof(any));
    ::sendto(kFd2, "stream", 6, 0, generic, sizeof(any));
    // Datagrams go where the call says, from connected sockets too.
    sockaddr_in one = inet_address(9);
    sockaddr_in two = inet_address(10);
    const int datagrams = ::socket(AF_INET, SOCK_DGRAM, 0);
    ::connect(datagrams, reinterpret_cast<sockaddr*>(&one), sizeof(one));
    ::sendto(datagrams, "other", 5, 0, reinterpret_cast<sockaddr*>(&two), sizeof(two));
    // Unix servers are known by the name to which they are bound, unless that is relative.
    (void)!::chdir(folder.path().c_str());
    for (const std::string& bound : {folder.path() + "/bound", std::string("relative")}) {
      const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
      sockaddr_un address = unix_address(bound.c_str());
      ::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address));
      ::listen(listener, 1);
      (void)!::unlink("link");
      (void)!::symlink(bound.c_str(), "link");
      address = unix_address((folder.path() + "/link").c_str());
      ::connect(::socket(AF_UNIX, SOCK_STREAM, 0), reinterpret_cast<sockaddr*>(&address),
                sizeof(address));
    }
  });
  ASSERT_EQ(run.error, "");
  ASSERT_EQ(run.count("connect"), 4U) << run.describe();
  ASSERT_EQ(run.count("sendto"), 2U) << run.describe();
  const std::string loopback = end_text(0).substr(0, 4);
  EXPECT_EQ(run.find("connect")->bytes("tuple").substr(7, 4), loopback);
  EXPECT_EQ(run.find("connect")->bytes("addr").substr(1, 4), std::string(4, '\0'));
  EXPECT_EQ(run.find("sendto")->bytes("tuple").substr(7, 4), loopback);
  EXPECT_EQ(run.find("connect", 1)->bytes("tuple").substr(7), end_text(9));
  EXPECT_EQ(run.find("sendto", 1)->bytes("tuple").substr(7), end_text(10));
  const auto path = [&run](std::size_t nth) {
    return run.find("connect", nth)->bytes("tuple").substr(17);
  };
  EXPECT_EQ(path(2), folder.path() + "/bound" + '\0');
  EXPECT_EQ(path(3), folder.path() + "/link" + '\0');
}

// The path of a unix address may fill its 108 bytes.
TEST(SensorNet, TellsUnixPathsWithoutAnEnd) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Folder folder;
  sockaddr_un address{};
  std::string path = folder.path();
  path.insert(path.rfind('/'), sizeof(address.sun_path) - path.size() - 5, '/');
  path += "/sock";
  address.sun_family = AF_UNIX;
  ASSERT_EQ(path.size(), sizeof(address.sun_path));
  std::memcpy(&address.sun_path[0], path.data(), path.size());
  const Recording run = record({"bind", "connect"}, [&address] {
    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    ::listen(listener, 1);
    ::connect(::socket(AF_UNIX, SOCK_STREAM, 0), reinterpret_cast<const sockaddr*>(&address),
              sizeof(address));
  });
  ASSERT_EQ(run.error, "");
  const Record* bind = run.find("bind");
  const Record* connect = run.find("connect");
  ASSERT_NE(bind, nullptr) << run.describe();
  ASSERT_NE(connect, nullptr) << run.describe();
  EXPECT_EQ(bind->bytes("addr"), '\x01' + path + '\0');
  EXPECT_EQ(connect->number("res"), 0);
  EXPECT_EQ(connect->bytes("addr"), '\x01' + path + '\0');
  EXPECT_EQ(connect->bytes("tuple").substr(17), path + '\0');
}

}  // namespace
}  // namespace saker::sensor::testing
