// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <cstdint>
#include <string>

namespace saker::kit {

// "250ms", "10s", "5m", "2h"; without a unit: seconds. False when it is none of them.
[[nodiscard]] bool parse_duration(const std::string& text, std::uint64_t& duration_ns);

}  // namespace saker::kit
