// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/result.h"

namespace saker::metrics {

// metrics.interval in nanoseconds: Prometheus' durations ("1h30m", "500ms": units y w d h m s ms,
// each at most once and in this order), at least 100 ms. The error is a text for the user.
[[nodiscard]] Result<std::uint64_t> parse_interval(std::string_view text);

}  // namespace saker::metrics
