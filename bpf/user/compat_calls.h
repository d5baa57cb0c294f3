// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// System calls of x86_64 by other numbers: through the 32-bit entry (32-bit programs, and int 0x80
// of any program), and those that only the x32 ABI has.
#pragma once

#include <cstdint>

namespace saker::sensor {

// The entry of `saker_compat_call` for number `call` of the 32-bit entry: the 64-bit number, with
// SAKER_COMPAT_GENERIC when the arguments cannot be read the same way. Calls without a counterpart
// have a number that no call has.
[[nodiscard]] std::uint16_t compat_call(std::uint32_t call);

// The same for `saker_socket_call` and `saker_ipc_call`: what socketcall and ipc of the 32-bit
// entry do by their first argument.
[[nodiscard]] std::uint16_t socket_call(std::uint32_t call);
[[nodiscard]] std::uint16_t ipc_call(std::uint32_t call);

// The same for `saker_x32_call` and number `call` of the x32 ABI, which is SAKER_X32_FIRST or more.
[[nodiscard]] std::uint16_t x32_call(std::uint32_t call);

}  // namespace saker::sensor
