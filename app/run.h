// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>
#include <vector>

namespace saker::app {

// The whole program. `arguments` begin with the program's name. Returns the exit code: 0 after
// success or a regular end, 1 after any failure. Source: falco-compat.md 4.1.
[[nodiscard]] int run(const std::vector<std::string>& arguments);

}  // namespace saker::app
