// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <span>
#include <string>

namespace saker::app {

// saker explain-plan FILE... [--event NAME]...: prints how the rules are asked. Returns the exit
// status.
[[nodiscard]] int run_plan_command(std::span<const std::string> rest);

}  // namespace saker::app
