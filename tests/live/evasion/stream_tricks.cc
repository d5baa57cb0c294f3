// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Ways round rules about connections and streams.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>

#include "app/demo/actions.h"
#include "tests/live/evasion/evasion.h"
#include "tests/live/evasion/means.h"
#include "tests/live/official/roles.h"

namespace saker::evasion {

namespace {

using Join = Status (*)(const Connection&);

// A child whose standard input becomes the connection, in the way that `join` knows.
Status join_input(Join join) {
  return in_child([join]() -> Status {
    const auto made = connect_privately();
    return made ? join(*made) : tl::unexpected(made.error());
  });
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

sockaddr* generic(sockaddr_in& address) {
  return reinterpret_cast<sockaddr*>(&address);  // NOLINT: the interface of sockets
}

// Descriptor 0 is the next free one when the call makes a socket.
Status make_socket_zero(bool accepts) {
  return in_child([accepts]() -> Status {
    SAKER_RETURN_IF_ERROR(official::enter_private_network({}));
    sockaddr_in address = loopback(9998);
    const int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listening, generic(address), sizeof(address)) != 0 || listen(listening, 1) != 0) {
      return demo::failed("cannot listen");
    }
    if (accepts) {
      SAKER_RETURN_IF_ERROR(
          check(connect(other, generic(address), sizeof(address)) == 0, "cannot connect"));
      close(STDIN_FILENO);
      return check(accept4(listening, nullptr, nullptr, 0) == 0, "not descriptor 0");
    }
    close(STDIN_FILENO);
    const int joined = socket(AF_INET, SOCK_STREAM, 0);
    return check(joined == 0 && connect(joined, generic(address), sizeof(address)) == 0,
                 "not descriptor 0");
  });
}

Status connect_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  const demo::OwnedFd client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return check(connect(client.get(), reinterpret_cast<sockaddr*>(&address),  // NOLINT
                       sizeof(address)) == 0,
               "cannot connect to " + path);
}

int serve_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool is_up =
      bind(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&  // NOLINT
      listen(server, 4) == 0;
  return is_up ? server : -1;
}

Status ask_metadata(const char* name, const char* step) {
  return official::run_self_as(name, step);
}

void add_streams(EvasionList& rows) {
  rows.rule("Standard stream joined to a network connection");
  rows.caught("join-dup3", "`dup3`", {}, [] {
    return join_input(
        [](const Connection& c) { return check(dup3(c.client, 0, 0) == 0, "cannot copy"); });
  });
  rows.caught("join-fcntl", "`fcntl` with `F_DUPFD`", {}, [] {
    return join_input([](const Connection& c) {
      close(STDIN_FILENO);
      return check(fcntl(c.client, F_DUPFD, 0) == 0, "cannot copy");
    });
  });
  rows.caught("join-connect", "standard input closed, so that the new socket is it", {},
              [] { return make_socket_zero(false); });
  rows.caught("join-accept", "the same with `accept`", {}, [] { return make_socket_zero(true); });
  rows.caught("join-passed", "the copy of a copy, after `fork`", {}, [] {
    return join_input([](const Connection& c) {
      const int copy = dup(c.client);
      return in_child([copy] { return check(dup2(copy, 0) == 0, "cannot copy"); });
    });
  });
  rows.missed(
      "join-relay", "a helper carries data between the connection and pipes", {},
      [] {
        return join_input([](const Connection& c) -> Status {
          std::array<int, 2> ends = {};
          SAKER_RETURN_IF_ERROR(check(pipe(ends.data()) == 0, "cannot make a pipe"));
          SAKER_RETURN_IF_ERROR(check(write(c.server, "x", 1) == 1, "cannot send"));
          char byte = 0;
          SAKER_RETURN_IF_ERROR(check(read(c.client, &byte, 1) == 1, "cannot receive"));
          SAKER_RETURN_IF_ERROR(check(write(ends[1], &byte, 1) == 1, "cannot write"));
          return in_child([&] { return check(dup2(ends[0], 0) == 0, "cannot copy"); });
        });
      },
      "the stream is a pipe; what passes through it is not followed");
}

void add_connections(EvasionList& rows) {
  rows.rule("Container runtime socket used");
  rows.caught("socket-relative", "relative path", {}, []() -> Status {
    const demo::OwnedFd server(serve_unix("/mnt/docker.sock"));
    SAKER_RETURN_IF_ERROR(check(chdir("/mnt") == 0, "cannot go there"));
    return connect_unix("docker.sock");
  });
  rows.caught("socket-full-path", "a path of 108 bytes, which ends without a NUL", {},
              []() -> Status {
                sockaddr_un address{};
                constexpr std::string_view kPath = "/mnt/docker.sock";
                constexpr std::size_t kBefore = sizeof(address.sun_path) - kPath.size();
                address.sun_family = AF_UNIX;
                std::memset(address.sun_path, '/', kBefore);
                std::memcpy(address.sun_path + kBefore, kPath.data(), kPath.size());
                const demo::OwnedFd server(serve_unix("/mnt/docker.sock"));
                const demo::OwnedFd client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
                return check(connect(client.get(), reinterpret_cast<sockaddr*>(&address),  // NOLINT
                                     sizeof(address)) == 0,
                             "cannot connect");
              });
  rows.caught(
      "socket-symlink", "a symbolic link under another name", {},
      []() -> Status {
        const demo::OwnedFd server(serve_unix("/mnt/docker.sock"));
        SAKER_RETURN_IF_ERROR(
            check(symlink("/mnt/docker.sock", "/mnt/innocent") == 0, "cannot link"));
        return connect_unix("/mnt/innocent");
      },
      "the name is that to which the server is bound, if that is absolute");
  rows.missed(
      "socket-renamed", "a server that listens under another name", {},
      []() -> Status {
        const demo::OwnedFd server(serve_unix("/mnt/runtime.sock"));
        return connect_unix("/mnt/runtime.sock");
      },
      "only the usual names are known");
  rows.rule("Cloud metadata asked by a tool");
  rows.caught("metadata-mapped", "the address as IPv4 within IPv6", {},
              [] { return ask_metadata("curl", "ask-mapped"); });
  rows.caught("metadata-argv0", "`curl` with another argv[0]", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_self("/mnt/curl"));
    return run_step_as("/mnt/curl", "agent", "ask");
  });
  rows.caught(
      "metadata-comm", "`curl` renames itself (`prctl`)", {},
      [] { return ask_metadata("curl", "ask-renamed"); },
      "a name is that of the program unless rules ask for `prctl`");
  rows.caught(
      "metadata-exchanged", "the address is overwritten while the call waits", {},
      [] { return ask_metadata("curl", "ask-exchanged"); },
      "the socket knows where it is connected to");
  rows.missed(
      "metadata-renamed", "`curl` under another name", {},
      [] { return ask_metadata("agent", "ask"); },
      "agents ask it too; only names of tools and temporary folders stand out");
  rows.missed(
      "metadata-fast-open", "`sendto` with `MSG_FASTOPEN` instead of `connect`", {},
      [] { return ask_metadata("curl", "ask-fast"); },
      "the rule looks at connect only: sendto is too frequent for what this is worth");
  rows.rule("Packet capture started");
  rows.caught("capture-packet", "`AF_PACKET`, datagrams only", {}, [] {
    const demo::OwnedFd capture(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    return check_call(capture.get(), "AF_PACKET");
  });
  rows.caught("capture-socketcall", "`socketcall` of the kernel's 32-bit entry", {},
              [] { return packet_socket_with_compat_call(); });
  rows.missed(
      "capture-raw", "`AF_INET` with `SOCK_RAW`", {},
      [] {
        const demo::OwnedFd capture(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP));
        return check_call(capture.get(), "SOCK_RAW");
      },
      "ping and other tools use it all the time; it sees one protocol, headers included");
}

}  // namespace

std::vector<Evasion> stream_tricks() {
  EvasionList rows;
  add_streams(rows);
  add_connections(rows);
  return std::move(rows).take();
}

}  // namespace saker::evasion
