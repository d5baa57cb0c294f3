// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace saker::config {

// Value of an environment variable; empty when it is not set.
using EnvLookup = std::function<std::string(std::string_view name)>;

// Looks at the process' environment.
[[nodiscard]] std::string process_env(std::string_view name);

// Replaces ${NAME} by the variable's value and $${NAME} by the text ${NAME}. What a variable holds
// is not looked at again. Source: falco-compat.md 4.2.
[[nodiscard]] std::string expand_env(std::string_view text, const EnvLookup& lookup);

}  // namespace saker::config
