// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include "compat/config/config.h"
#include "compat/config/config_node.h"

namespace saker::config {

// Merges `from` into `to` by `strategy`, key by key of the top level. Source: falco-compat.md 4.2.
void merge(ConfigNode& to, ConfigNode from, MergeStrategy strategy);

}  // namespace saker::config
