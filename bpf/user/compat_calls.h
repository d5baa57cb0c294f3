// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// System calls through the 32-bit entry of x86_64 (32-bit programs, and int 0x80 of any program).
#pragma once

#include <cstdint>

namespace saker::sensor {

// The entry of `saker_compat_call` for number `call` of the 32-bit entry: the 64-bit number, with
// SAKER_COMPAT_GENERIC when the arguments cannot be read the same way. Calls without a counterpart
// (socketcall, ipc ...) have a number that no call has.
[[nodiscard]] std::uint16_t compat_call(std::uint32_t call);

}  // namespace saker::sensor
