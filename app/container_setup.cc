// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/container_setup.h"

#include <algorithm>
#include <cstdlib>

#include "app/sources.h"
#include "compat/cli/plugins.h"

namespace saker::app {

Result<std::unique_ptr<ContainerWatch>> open_containers(const config::Config& config,
                                                        Counters& counters, const State& state,
                                                        Log& log) {
  constexpr std::uint64_t kNsPerMs = 1'000'000;
  if (is_replay(config) || config.engine.kind == "nodriver" || !config.container_metadata.enabled) {
    return nullptr;
  }
  const auto plugin =
      std::ranges::find(config.plugins, cli::kContainerPlugin, &config::PluginEntry::name);
  const char* host_root = std::getenv("HOST_ROOT");
  WatchOptions options;
  SAKER_ASSIGN_OR_RETURN(
      options.runtimes,
      containers::read_init_config(plugin == config.plugins.end() ? "" : plugin->init_config,
                                   host_root == nullptr ? "" : host_root));
  options.cache.max_containers = std::max<std::size_t>(config.container_metadata.max_containers, 1);
  options.wait_ns = config.container_metadata.wait_ms * kNsPerMs;
  return std::make_unique<ContainerWatch>(
      options, counters, state, [&log](const std::string& text) { log.warning(text); },
      [runtimes = options.runtimes](const std::atomic<bool>& stop) {
        return containers::make_clients(runtimes, stop);
      });
}

}  // namespace saker::app
