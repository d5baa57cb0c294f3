// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The JSON schema of falco.yaml, made from the table of keys, and what it says of one file.
#pragma once

#include <string>

#include "compat/config/config_node.h"

namespace saker::config {

// The schema as indented JSON text (--config-schema).
[[nodiscard]] std::string config_schema();

// The first thing in `root` that the schema does not allow, as Falco's log calls it, for example
// "failed for <root>[engine]: …"; empty when there is nothing. Such things never fail a load.
[[nodiscard]] std::string schema_violation(const ConfigNode& root);

}  // namespace saker::config
