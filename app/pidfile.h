// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>

#include "engine/base/result.h"

namespace saker::app {

// Writes this process' id and a line feed to `path`, replacing what is there.
[[nodiscard]] Status write_pidfile(const std::string& path);

}  // namespace saker::app
