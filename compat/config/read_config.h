// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// ConfigNode -> Config by the table of keys.
#pragma once

#include "compat/config/config.h"
#include "compat/config/config_node.h"
#include "engine/base/diagnostics.h"

namespace saker::config {

// Fills `config` from `root`. A value of the wrong type leaves the default and is a warning, like
// in Falco; a text that is none of the allowed ones is an error. Unknown keys are accepted.
void read_config(const ConfigNode& root, Config& config, Diagnostics& diagnostics);

}  // namespace saker::config
