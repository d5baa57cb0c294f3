// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/handlers/socket_update.h"

#include <utility>

namespace saker {

namespace {

[[nodiscard]] bool same(const SocketTuple& a, const SocketTuple& b) {
  return a.source == b.source && a.source_port == b.source_port && a.destination == b.destination &&
         a.destination_port == b.destination_port;
}

[[nodiscard]] FdType type_of(const SocketTuple& tuple) {
  return tuple.source.is_ipv6 ? FdType::kIpv6Socket : FdType::kIpv4Socket;
}

}  // namespace

bool is_known_tuple(const FdInfo& info, const SocketTuple& tuple) {
  if (info.type != type_of(tuple)) {
    return false;
  }
  SocketTuple reversed = tuple;
  swap_ends(reversed);
  return same(info.tuple, tuple) || same(info.tuple, reversed);
}

SocketTuple simplified(const SocketTuple& tuple) {
  SocketTuple result = tuple;
  if (tuple.source.is_ipv6 && tuple.source.is_ipv4_mapped() && tuple.destination.is_ipv4_mapped()) {
    result.source = unmapped(tuple.source);
    result.destination = unmapped(tuple.destination);
  }
  return result;
}

void set_tuple(FdInfo& info, const SocketTuple& tuple) {
  const FdType type = type_of(tuple);
  if (info.is_ipv6() && type == FdType::kIpv4Socket) {
    info.l4proto = L4Proto::kUnknown;
  }
  info.type = type;
  info.tuple = tuple;
}

void swap_ends(SocketTuple& tuple) {
  std::swap(tuple.source, tuple.destination);
  std::swap(tuple.source_port, tuple.destination_port);
}

}  // namespace saker
