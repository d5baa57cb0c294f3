// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs a scenario where it cannot do harm: in a child process with a mount namespace of its own, in
// which the folders that it writes to are empty tmpfs mounts that vanish with it.
#pragma once

#include <string>

#include "app/demo/scenario.h"
#include "engine/base/result.h"

namespace saker::demo {

// Path of the running program; empty when it cannot be read.
[[nodiscard]] std::string own_path();

// Why scenarios cannot run here, or an empty text. They need root for the mounts, and a program
// outside the folders that they hide (`own_path`).
[[nodiscard]] std::string why_not_here(const std::string& own_path);

// Starts this program again as `saker_demo --inside NAME` within a sandbox, with the marker in its
// environment, and waits for its end. The preparation happens before the marker is set and so is
// never part of the scenario. Fails with kUnsupported when the disguise's place does not exist on
// this machine, with kIo when a step failed.
[[nodiscard]] Status run_in_sandbox(const Scenario& scenario, const std::string& own_path);

}  // namespace saker::demo
