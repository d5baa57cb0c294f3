// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// YAML text -> ConfigNode. The one adapter to yaml-cpp of this folder is yaml_file.cc.
#pragma once

#include "compat/config/config_node.h"
#include "compat/config/env_expand.h"
#include "engine/base/diagnostics.h"
#include "engine/base/result.h"

namespace saker::config {

// Parses the first document of `source`. An empty one gives a null node. A text that is no YAML
// gives a diagnostic and kRejected.
[[nodiscard]] Result<ConfigNode> parse_yaml(const SourceMap& sources, SourceId source,
                                            const EnvLookup& lookup, Diagnostics& diagnostics);

}  // namespace saker::config
