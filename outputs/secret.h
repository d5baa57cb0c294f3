// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace saker {

// What a configuration value stands for: "${env:NAME}" and "env:NAME" the environment variable
// (must be set), "file:PATH" the file's first line (no more than 64 KiB), anything else itself.
// Errors name the variable or the file, never a value.
[[nodiscard]] Result<std::string> resolve_secret(std::string_view text);

}  // namespace saker
