// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Sends and receives tell the addresses of datagram sockets, and of stream sockets whose connect or
// accept was missed.
#include <algorithm>
#include <span>
#include <utility>

#include "engine/state/handlers/handlers.h"
#include "engine/state/handlers/socket_update.h"

namespace saker {

namespace {

using enum EventType;

struct TupleParam {
  EventType type;
  std::size_t position;
};

constexpr TupleParam kTupleParams[] = {
    {kSocketSendX, 4}, {kSocketSendtoX, 4},   {kSocketSendmsgX, 4}, {kSocketSendmmsgX, 4},
    {kSocketRecvX, 4}, {kSocketRecvfromX, 2}, {kSocketRecvmsgX, 3}, {kSocketRecvmmsgX, 4},
};

[[nodiscard]] Bytes tuple_param(const EventView& event) {
  return event.param(std::ranges::find(kTupleParams, event.type(), &TupleParam::type)->position);
}

enum class Direction : std::uint8_t { kReceive, kSend };

[[nodiscard]] bool is_tcp(const FdInfo& info) {
  return info.is_ip_socket() && info.l4proto == L4Proto::kTcp;
}

// Whether the process has a socket bound to the port.
[[nodiscard]] bool is_bound_to(const FdTable& table, std::uint16_t port) {
  bool is_bound = false;
  table.for_each([&](std::int64_t, const FdInfo& info) {
    is_bound = is_bound || (info.is_ip_server() && info.tuple.destination_port == port);
  });
  return is_bound;
}

[[nodiscard]] bool uses_client_port(const FdTable& table, std::uint16_t port) {
  bool is_used = false;
  table.for_each([&](std::int64_t, const FdInfo& info) {
    is_used = is_used || (info.type == FdType::kIpv4Socket && info.tuple.source_port == port);
  });
  return is_used;
}

// A process that owns the port is the server; where that does not decide, servers start with a
// read. Falco looks up the ports at their place in an IPv4 record; in an IPv6 one that is a part of
// the source address.
[[nodiscard]] SocketRole guess_role(const FdTable& table, const FdInfo& info, Direction direction) {
  std::uint16_t own_port = info.tuple.destination_port;
  std::uint16_t other_port = info.tuple.source_port;
  if (info.is_ipv6()) {
    constexpr std::size_t kIpv4SourcePortOffset = 8;
    constexpr std::size_t kIpv4DestinationPortOffset = 10;
    const Bytes address = std::as_bytes(std::span(info.tuple.source.bytes));
    own_port = load_le<std::uint16_t>(address, kIpv4DestinationPortOffset);
    other_port = load_le<std::uint16_t>(address, kIpv4SourcePortOffset);
  }
  if (!is_bound_to(table, own_port)) {
    return SocketRole::kClient;
  }
  if (!uses_client_port(table, other_port)) {
    return SocketRole::kServer;
  }
  return direction == Direction::kReceive ? SocketRole::kServer : SocketRole::kClient;
}

// A bound IPv6 socket stays one, and Falco writes the tuple over the place of its bound address:
// the source becomes the address, the destination's first bytes port and protocol.
void overwrite_ipv6_server(StateCore& core, const SocketTuple& tuple, Bytes param) {
  constexpr std::size_t kProtocolOffset = 2;
  FdInfo& info = core.edit_fd();
  const Bytes over = std::as_bytes(std::span(tuple.destination.bytes));
  info.tuple.destination = tuple.source;
  info.tuple.destination_port = load_le<std::uint16_t>(over, 0);
  const auto protocol = load_le<std::uint8_t>(over, kProtocolOffset);
  info.l4proto =
      protocol <= static_cast<std::uint8_t>(L4Proto::kRaw) ? L4Proto{protocol} : L4Proto::kUnknown;
  assign_socktuple_text(param, core.text);
  core.rename_fd();
}

void update_ip(StateCore& core, const SocketTuple& event_tuple, Bytes param, Direction direction) {
  const SocketTuple tuple = simplified(event_tuple);
  if (core.current.fd->type == FdType::kIpv6Server && tuple.source.is_ipv6) {
    overwrite_ipv6_server(core, tuple, param);
    return;
  }
  if (is_known_tuple(*core.current.fd, tuple)) {
    return;
  }
  FdInfo& info = core.edit_fd();
  set_tuple(info, tuple);
  if (info.l4proto == L4Proto::kUnknown) {
    info.l4proto = L4Proto::kUdp;
  }
  complete_tuple(core.interfaces, info);
  if (info.role == SocketRole::kUnknown) {
    info.role = guess_role(**core.fd_table(*core.current.thread), info, direction);
  }
  const bool is_swapped = direction == Direction::kReceive ? info.role == SocketRole::kClient
                                                           : info.role == SocketRole::kServer;
  if (is_swapped) {
    swap_ends(info.tuple);
  }
  assign_socket_name(info, core.text);
  core.rename_fd();
}

void update_unix(StateCore& core, const UnixTuple& tuple, Bytes param) {
  FdInfo& info = core.edit_fd();
  info.type = FdType::kUnixSocket;
  info.unix_source = tuple.source;
  info.unix_destination = tuple.destination;
  assign_socktuple_text(param, core.text);
  core.rename_fd();
}

void update(StateCore& core, const EventView& event, Direction direction) {
  const FdInfo& info = *core.current.fd;
  if (!info.name.empty() && is_tcp(info)) {
    return;
  }
  const Bytes param = tuple_param(event);
  if (const auto tuple = parse_socktuple(param)) {
    update_ip(core, *tuple, param, direction);
  } else if (const auto unix_tuple = parse_unix_tuple(param)) {
    update_unix(core, *unix_tuple, param);
  }
}

// A send with an address on an unknown fd: most likely a UDP socket.
void add_udp_socket(StateCore& core, const EventView& event) {
  const AddressFamily family = family_of(tuple_param(event));
  if (family != AddressFamily::kInet && family != AddressFamily::kInet6) {
    return;
  }
  const bool is_ipv6 = family == AddressFamily::kInet6;
  Ref<FdInfo> info = core.fds.make(is_ipv6 ? FdType::kIpv6Socket : FdType::kIpv4Socket);
  info->l4proto = L4Proto::kUdp;
  info->tuple.source.is_ipv6 = is_ipv6;
  info->tuple.destination.is_ipv6 = is_ipv6;
  core.add_fd(core.current.fd_number, std::move(info));
}

void mark_connected(StateCore& core) {
  const FdInfo& info = *core.current.fd;
  const bool is_tuple = info.type == FdType::kIpv4Socket || info.type == FdType::kIpv6Socket;
  if (is_tuple && !info.is_connected) {
    core.edit_fd().is_connected = true;
  }
}

}  // namespace

// A transfer that works shows that an IP socket is connected.
void on_transfer(StateCore& core, const EventView& event) {
  if (core.current.fd->is_ip_socket() && event.get_signed(0, -1) >= 0) {
    mark_connected(core);
  }
}

void on_receive(StateCore& core, const EventView& event) {
  if (event.get_signed(0, -1) >= 0) {
    mark_connected(core);
    update(core, event, Direction::kReceive);
  }
}

void on_send(StateCore& core, const EventView& event) {
  if (event.get_signed(0, -1) < 0) {
    return;
  }
  if (core.current.fd == nullptr) {
    add_udp_socket(core, event);
  }
  if (core.current.fd != nullptr) {
    mark_connected(core);
    update(core, event, Direction::kSend);
  }
}

}  // namespace saker
