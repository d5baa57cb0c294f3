// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// How addresses in events change a socket's record. Used by the socket handlers only.
#pragma once

#include "engine/state/socket_text.h"
#include "engine/state/state_core.h"

namespace saker {

// Whether `tuple` says of an IP socket what its record says already, in either direction.
[[nodiscard]] bool is_known_tuple(const FdInfo& info, const SocketTuple& tuple);

// Turns a tuple whose two ends are IPv4-mapped into an IPv4 one.
[[nodiscard]] SocketTuple simplified(const SocketTuple& tuple);

// Sets type and tuple of an IP socket.
void set_tuple(FdInfo& info, const SocketTuple& tuple);

void swap_ends(SocketTuple& tuple);

}  // namespace saker
