// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Asks docker, or podman through the same API.
#pragma once

#include <string>

#include "containers/runtime_client.h"
#include "containers/unix_http.h"

namespace saker::containers {

class DockerClient final : public RuntimeClient {
public:
  DockerClient(const RuntimeSocket& socket, const ContainerOptions& options,
               const std::atomic<bool>& stop);
  [[nodiscard]] Inspected inspect(const std::string& id,
                                  std::chrono::steady_clock::time_point deadline) override;
  [[nodiscard]] RuntimeKind kind() const override { return socket_.kind; }
  [[nodiscard]] std::optional<std::uint32_t> owner() const override { return socket_.owner; }

private:
  RuntimeSocket socket_;
  ContainerOptions options_;
  UnixHttp http_;
};

// What a failed request means for the look-up.
[[nodiscard]] LookupFault lookup_fault(HttpFault fault);

}  // namespace saker::containers
