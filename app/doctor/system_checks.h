// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Checks of the machine: kernel, rights, limits, container runtimes, clock.
#pragma once

#include <string>
#include <vector>

#include "app/doctor/finding.h"

namespace saker::app {

// `root` stands before every path that is looked at; empty on a real machine.
[[nodiscard]] std::vector<Finding> check_kernel(const std::string& root = "");
[[nodiscard]] std::vector<Finding> check_privileges(const std::string& root = "");
[[nodiscard]] std::vector<Finding> check_limits();
[[nodiscard]] std::vector<Finding> check_runtimes(const std::string& root = "");
[[nodiscard]] std::vector<Finding> check_clock(const std::string& root = "");

}  // namespace saker::app
