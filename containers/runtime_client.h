// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One container runtime as ContainerLookup sees it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "containers/container_options.h"
#include "engine/field/container_metadata.h"

namespace saker::containers {

enum class LookupFault : std::uint8_t {
  kNotFound,     // the runtime does not know the container
  kNoRuntime,    // nobody listens at the socket
  kUnavailable,  // it hung, ended early, or sent what is no answer
  kStopped,
};

using Inspected = tl::expected<ContainerInfo, LookupFault>;

class RuntimeClient {
public:
  virtual ~RuntimeClient() = default;
  // `id`: 64 lower-case hexadecimal digits. Takes at most a few request time-outs.
  [[nodiscard]] virtual Inspected inspect(const std::string& id) = 0;
  [[nodiscard]] virtual RuntimeKind kind() const = 0;
};

// One client per socket, in their order. `stop` ends requests early; it outlives the clients.
[[nodiscard]] std::vector<std::unique_ptr<RuntimeClient>> make_clients(
    const ContainerOptions& options, const std::atomic<bool>& stop);

}  // namespace saker::containers
