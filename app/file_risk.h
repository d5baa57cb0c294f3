// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Who else could change a file that says what is watched.
#pragma once

#include <string>

namespace saker::app {

// One sentence when others than root and our own user could change or replace the file; empty when
// not, or when it cannot be looked at.
[[nodiscard]] std::string file_risk(const std::string& path);

}  // namespace saker::app
