// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <span>
#include <string>

namespace saker::app {

// `saker explain`: the kit's command, with this machine for --live.
[[nodiscard]] int run_explain_command(std::span<const std::string> rest);

}  // namespace saker::app
