// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One container runtime as ContainerLookup sees it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
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
  // `id`: 64 lower-case hexadecimal digits. Returns by the deadline, however many requests it
  // takes.
  [[nodiscard]] virtual Inspected inspect(const std::string& id,
                                          std::chrono::steady_clock::time_point deadline) = 0;
  [[nodiscard]] virtual RuntimeKind kind() const = 0;
  // User whose containers alone it is asked for; none: the machine's runtime.
  [[nodiscard]] virtual std::optional<std::uint32_t> owner() const { return {}; }
};

// One client per socket, in their order. `stop` ends requests early; it outlives the clients.
[[nodiscard]] std::vector<std::unique_ptr<RuntimeClient>> make_clients(
    const ContainerOptions& options, const std::atomic<bool>& stop);

}  // namespace saker::containers
