// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>

#include "compat/config/config_node.h"

namespace saker::config {

// The tree as compact JSON. Scalars that read as numbers, booleans or null are written as such.
[[nodiscard]] std::string node_json(const ConfigNode& node);

// Appends `text` as a JSON string.
void append_quoted(std::string& out, std::string_view text);

}  // namespace saker::config
