// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Host names as the configuration wants them (host_names).
#pragma once

#include <memory>

#include "app/host_names/host_name_cache.h"
#include "compat/config/config.h"

namespace saker::app {

// Null: nothing is looked up.
[[nodiscard]] std::unique_ptr<HostNameCache> open_host_names(const config::Config& config);

}  // namespace saker::app
