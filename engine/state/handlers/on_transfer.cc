// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Sends and receives tell the addresses of datagram sockets, and of stream sockets whose connect or
// accept was missed.
#include <algorithm>
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
    {kSocketSendX, 4},    {kSocketSendtoX, 4},   {kSocketSendmsgX, 4}, {kSocketSendmmsgX, 4},
    {kSocketRecvX, 4},    {kSocketRecvfromX, 2}, {kSocketRecvmsgX, 3}, {kSocketRecvmmsgX, 4},
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
// read.
[[nodiscard]] SocketRole guess_role(const FdTable& table, const FdInfo& info,
                                    Direction direction) {
  if (!is_bound_to(table, info.tuple.destination_port)) {
    return SocketRole::kClient;
  }
  if (!uses_client_port(table, info.tuple.source_port)) {
    return SocketRole::kServer;
  }
  return direction == Direction::kReceive ? SocketRole::kServer : SocketRole::kClient;
}

void update_ip(StateCore& core, const SocketTuple& event_tuple, Direction direction) {
  const SocketTuple tuple = simplified(event_tuple);
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
  const FdInfo& known = *core.current.fd;
  if (known.type == FdType::kUnixSocket && known.unix_source == tuple.source &&
      known.unix_destination == tuple.destination) {
    return;
  }
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
    update_ip(core, *tuple, direction);
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

}  // namespace

void on_receive(StateCore& core, const EventView& event) {
  if (event.get_signed(0, -1) >= 0) {
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
    update(core, event, Direction::kSend);
  }
}

}  // namespace saker
