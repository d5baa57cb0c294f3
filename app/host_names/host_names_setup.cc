// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/host_names/host_names_setup.h"

#include <algorithm>

namespace saker::app {

std::unique_ptr<HostNameCache> open_host_names(const config::Config& config) {
  // Bounds, so that no value overflows or keeps a name server busy.
  constexpr std::uint64_t kLongestWaitMs = 60'000;
  constexpr std::uint64_t kLongestRefreshS = 86'400;
  if (!config.host_names.enabled) {
    return nullptr;
  }
  HostNameOptions options;
  options.wait = std::chrono::milliseconds(std::min(config.host_names.wait_ms, kLongestWaitMs));
  options.refresh = std::chrono::seconds(
      std::clamp<std::uint64_t>(config.host_names.refresh_s, 1, kLongestRefreshS));
  return std::make_unique<HostNameCache>(options);
}

}  // namespace saker::app
