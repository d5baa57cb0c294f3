// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/proc_net.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "bpf/user/proc_text.h"

namespace saker::sensor {
namespace {

constexpr std::size_t kMaxTableBytes = 16U << 20;
constexpr std::string_view kListening = "0A";  // TCP_LISTEN, include/net/tcp_states.h

struct Endpoint {
  std::array<std::uint8_t, 16> address{};
  std::uint16_t port = 0;
  bool is_any = true;
};

// "0100007F:1F90": the address as words of the host's byte order, in hexadecimal.
Endpoint parse_endpoint(std::string_view text) {
  Endpoint endpoint;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return endpoint;
  }
  std::string_view words = text.substr(0, colon);
  for (std::size_t i = 0; words.size() >= 8 && i < endpoint.address.size(); i += 4) {
    const auto word = static_cast<std::uint32_t>(parse_unsigned(words.substr(0, 8), 16));
    std::memcpy(&endpoint.address[i], &word, sizeof(word));
    endpoint.is_any = endpoint.is_any && word == 0;
    words.remove_prefix(8);
  }
  endpoint.port = static_cast<std::uint16_t>(parse_unsigned(text.substr(colon + 1), 16));
  return endpoint;
}

struct InetTable {
  std::string_view file;
  bool is_ipv6;
  L4Proto proto;
};
constexpr InetTable kInetTables[] = {
    {"/tcp", false, L4Proto::kTcp}, {"/tcp6", true, L4Proto::kTcp}, {"/udp", false, L4Proto::kUdp},
    {"/udp6", true, L4Proto::kUdp}, {"/raw", false, L4Proto::kRaw}, {"/raw6", true, L4Proto::kRaw},
};

using Columns = std::vector<std::string_view>;

// Calls `use(line, columns)` for each row below the heading that has at least `least` columns.
template <typename Use>
void for_each_row(const std::string& path, std::size_t least, const Use& use) {
  const std::string text = read_file(path, kMaxTableBytes);
  std::string_view rest = text;
  std::string_view line;
  std::size_t count = 0;
  while (next_line(rest, line) && count <= kMaxSocketsPerTable) {
    const Columns columns = split_blanks(line);
    if (count++ != 0 && columns.size() >= least) {
      use(line, columns);
    }
  }
}

// Columns: slot, local, remote, state, queues, timer, retransmits, uid, timeout, inode.
void read_inet(const std::string& net_directory, const InetTable& table, SocketTable& sockets) {
  for_each_row(net_directory + std::string(table.file), 10,
               [&](std::string_view /*line*/, const Columns& columns) {
                 const Endpoint local = parse_endpoint(columns[1]);
                 const Endpoint remote = parse_endpoint(columns[2]);
                 const bool is_server = table.proto == L4Proto::kTcp
                                            ? columns[3] == kListening
                                            : remote.is_any && remote.port == 0;
                 FdSnapshot fd;
                 fd.inode = parse_unsigned(columns[9]);
                 fd.l4proto = table.proto;
                 if (is_server) {
                   fd.type = table.is_ipv6 ? FdType::kIpv6Server : FdType::kIpv4Server;
                   fd.destination_address = local.address;
                   fd.destination_port = local.port;
                 } else {
                   fd.type = table.is_ipv6 ? FdType::kIpv6Socket : FdType::kIpv4Socket;
                   fd.source_address = local.address;
                   fd.source_port = local.port;
                   fd.destination_address = remote.address;
                   fd.destination_port = remote.port;
                 }
                 sockets.emplace(fd.inode, fd);
               });
}

// Columns: address, references, protocol, flags, type, state, inode, path.
void read_unix(const std::string& net_directory, SocketTable& sockets) {
  for_each_row(net_directory + "/unix", 7, [&](std::string_view line, const Columns& columns) {
    FdSnapshot fd;
    fd.type = FdType::kUnixSocket;
    fd.inode = parse_unsigned(columns[6]);
    // "ffff888100000000:", mostly hidden as zeros.
    fd.unix_source = parse_unsigned(columns[0].substr(0, columns[0].find(':')), 16);
    if (columns.size() > 7) {
      fd.name = std::string(line.substr(static_cast<std::size_t>(columns[7].data() - line.data())));
    }
    sockets.emplace(fd.inode, std::move(fd));
  });
}

// Columns: address, protocol, pid, groups, rmem, wmem, dump, locks, drops, inode.
void read_netlink(const std::string& net_directory, SocketTable& sockets) {
  for_each_row(net_directory + "/netlink", 10,
               [&](std::string_view /*line*/, const Columns& columns) {
                 FdSnapshot fd;
                 fd.type = FdType::kNetlink;
                 fd.inode = parse_unsigned(columns[9]);
                 sockets.emplace(fd.inode, std::move(fd));
               });
}

}  // namespace

SocketTable read_sockets(const std::string& net_directory) {
  SocketTable sockets;
  for (const InetTable& table : kInetTables) {
    read_inet(net_directory, table, sockets);
  }
  read_unix(net_directory, sockets);
  read_netlink(net_directory, sockets);
  return sockets;
}

}  // namespace saker::sensor
