// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <span>
#include <string>

namespace saker::app {

// saker bench FILE... CAPTURE [--runs N]: prints what the rules cost over the capture.
// Returns the exit status.
[[nodiscard]] int run_bench_command(std::span<const std::string> rest);

}  // namespace saker::app
