// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Names of errno values, signals and capabilities, as rules see them.
#pragma once

#include <cstdint>
#include <string_view>

namespace saker {

// "ENOENT" for 2; empty when Linux has no such errno. Also knows the kernel's internal ones
// (ERESTARTSYS …), which tracing sees. Source: Linux include/uapi/asm-generic/errno*.h,
// include/linux/errno.h.
[[nodiscard]] std::string_view errno_name(std::uint64_t number);

// "SIGKILL" for 9; empty when unknown. Source: man 7 signal (x86, arm).
[[nodiscard]] std::string_view signal_name(std::uint64_t number);

// "CAP_SYS_ADMIN" for 21; empty when unknown. Source: man 7 capabilities.
[[nodiscard]] std::string_view capability_name(std::size_t bit);
inline constexpr std::size_t kCapabilityCount = 41;

}  // namespace saker
