// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <cstdint>

namespace saker::testing {

// What fault_driver works on, and how it names what it tells.
constexpr std::uint64_t kFaultEnd = 96;
constexpr std::uint64_t kDelivered = 1'000'000;

}  // namespace saker::testing
