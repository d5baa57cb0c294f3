// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <utility>

#include "engine/state/handlers/handlers.h"
#include "engine/state/handlers/socket_update.h"

namespace saker {

namespace {

// Linux numbers. Source: man 2 socket, man 7 ip.
constexpr std::uint32_t kSockStream = 1;
constexpr std::uint32_t kSockDgram = 2;
constexpr std::uint32_t kSockRaw = 3;
constexpr std::uint32_t kSockTypeMask = 0xff;  // above it: SOCK_NONBLOCK, SOCK_CLOEXEC
constexpr std::uint32_t kIpprotoIp = 0;
constexpr std::uint32_t kIpprotoIcmp = 1;
constexpr std::uint32_t kIpprotoTcp = 6;
constexpr std::uint32_t kIpprotoUdp = 17;
constexpr std::uint32_t kIpprotoRaw = 255;
constexpr std::int64_t kEinprogress = -115;

[[nodiscard]] L4Proto l4proto_of(std::uint32_t type, std::uint32_t protocol) {
  const bool is_raw = type == kSockRaw;
  switch (protocol) {
    case kIpprotoTcp:
      return is_raw ? L4Proto::kRaw : L4Proto::kTcp;
    case kIpprotoUdp:
      return is_raw ? L4Proto::kRaw : L4Proto::kUdp;
    case kIpprotoIcmp:
      return is_raw ? L4Proto::kRaw : L4Proto::kIcmp;
    case kIpprotoRaw:
      return L4Proto::kRaw;
    case kIpprotoIp:
      return (type & kSockTypeMask) == kSockStream  ? L4Proto::kTcp
             : (type & kSockTypeMask) == kSockDgram ? L4Proto::kUdp
                                                    : L4Proto::kUnknown;
    default:
      return L4Proto::kUnknown;
  }
}

[[nodiscard]] FdType fd_type_of(std::uint32_t domain) {
  switch (domain) {
    case static_cast<std::uint32_t>(AddressFamily::kUnix):
      return FdType::kUnixSocket;
    case static_cast<std::uint32_t>(AddressFamily::kInet):
      return FdType::kIpv4Socket;
    case static_cast<std::uint32_t>(AddressFamily::kInet6):
      return FdType::kIpv6Socket;
    case static_cast<std::uint32_t>(AddressFamily::kNetlink):
      return FdType::kNetlink;
    default:
      return FdType::kUnknown;
  }
}

void connect_ip(StateCore& core, FdInfo& info, const SocketTuple& event_tuple) {
  const SocketTuple tuple = simplified(event_tuple);
  const bool changed = !is_known_tuple(info, tuple);
  if (changed) {
    set_tuple(info, tuple);
    if (info.role == SocketRole::kServer && info.l4proto == L4Proto::kUdp) {
      swap_ends(info.tuple);
    }
  }
  assign_socket_name(info, core.text);
  core.rename_fd();
}

}  // namespace

void on_socket(StateCore& core, const EventView& event) {
  constexpr std::size_t kDomain = 1;
  constexpr std::size_t kType = 2;
  constexpr std::size_t kProtocol = 3;
  constexpr std::size_t kFlags = 4;
  const std::int64_t fd = event.get_signed(0, -1);
  if (fd < 0) {
    return;
  }
  Ref<FdInfo> info = core.fds.make(fd_type_of(event.get<std::uint32_t>(kDomain)));
  info->open_flags = event.get<std::uint32_t>(kFlags);
  if (info->is_ip_socket()) {
    info->l4proto =
        l4proto_of(event.get<std::uint32_t>(kType), event.get<std::uint32_t>(kProtocol));
    info->tuple.source.is_ipv6 = info->is_ipv6();
    info->tuple.destination.is_ipv6 = info->is_ipv6();
  }
  core.add_fd(fd, std::move(info));
}

void on_socketpair(StateCore& core, const EventView& event) {
  constexpr std::size_t kFd1 = 1;
  constexpr std::size_t kFd2 = 2;
  constexpr std::size_t kSource = 3;
  constexpr std::size_t kPeer = 4;
  if (event.get_signed(0, -1) < 0) {
    return;
  }
  for (const std::size_t param : {kFd1, kFd2}) {
    Ref<FdInfo> info = core.fds.make(FdType::kUnixSocket);
    info->unix_source = event.get<std::uint64_t>(param == kFd1 ? kSource : kPeer);
    info->unix_destination = event.get<std::uint64_t>(param == kFd1 ? kPeer : kSource);
    core.add_fd(event.get_signed(param, -1), std::move(info));
  }
}

void on_bind(StateCore& core, const EventView& event) {
  const Bytes address = event.param(1);
  if (event.get_signed(0, -1) < 0 || address.empty()) {
    return;
  }
  assign_sockaddr_text(address, core.text);
  FdInfo& info = core.edit_fd();
  if (const auto endpoint = parse_sockaddr(address); endpoint && endpoint->port > 0) {
    const bool is_ipv4 = !endpoint->address.is_ipv6 || endpoint->address.is_ipv4_mapped();
    info.type = is_ipv4 ? FdType::kIpv4Server : FdType::kIpv6Server;
    info.tuple = {};
    info.tuple.destination =
        is_ipv4 && endpoint->address.is_ipv6 ? unmapped(endpoint->address) : endpoint->address;
    info.tuple.destination_port = endpoint->port;
    info.role = SocketRole::kServer;
  }
  core.rename_fd();
}

void on_connect(StateCore& core, const EventView& event) {
  const std::int64_t result = event.get_signed(0, -1);
  if (result < 0 && result != kEinprogress) {
    return;
  }
  FdInfo& info = core.edit_fd();
  info.is_connected = true;
  const Bytes param = event.param(1);
  if (param.empty()) {
    return;
  }
  if (const auto tuple = parse_socktuple(param)) {
    connect_ip(core, info, *tuple);
  } else {
    assign_socktuple_text(param, core.text);
    core.rename_fd();
    if (const auto unix_tuple = parse_unix_tuple(param)) {
      info.unix_source = unix_tuple->source;
      info.unix_destination = unix_tuple->destination;
    }
  }
  if (info.role == SocketRole::kUnknown) {
    info.role = SocketRole::kClient;
  }
}

void on_accept(StateCore& core, const EventView& event) {
  const std::int64_t fd = event.get_signed(0, -1);
  if (fd < 0) {
    return;
  }
  core.current.fd_number = fd;
  const Bytes param = event.param(1);
  Ref<FdInfo> info = core.fds.make(FdType::kUnixSocket);
  if (const auto tuple = parse_socktuple(param)) {
    set_tuple(*info, simplified(*tuple));
    info->l4proto = L4Proto::kTcp;
  } else if (const auto unix_tuple = parse_unix_tuple(param)) {
    info->unix_source = unix_tuple->source;
    info->unix_destination = unix_tuple->destination;
  } else {
    return;
  }
  assign_socktuple_text(param, info->name);
  info->role = SocketRole::kServer;
  info->is_connected = true;
  core.add_fd(fd, std::move(info));
}

}  // namespace saker
