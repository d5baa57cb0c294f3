// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <memory>

#include "app/container_watch.h"
#include "app/log.h"
#include "compat/config/config.h"

namespace saker::app {

// Starts asking the runtimes that the plugin container's init_config names; null when there is
// nothing to ask for (replay, no source, container_metadata.enabled: false). Fails when init_config
// has a value of the wrong type. HOST_ROOT is the folder in which the host's sockets are found.
[[nodiscard]] Result<std::unique_ptr<ContainerWatch>> open_containers(const config::Config& config,
                                                                      Counters& counters,
                                                                      const State& state, Log& log);

}  // namespace saker::app
