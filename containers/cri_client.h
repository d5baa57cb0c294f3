// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Asks containerd and CRI-O through the container runtime interface (gRPC over a unix socket).
#pragma once

#include <string>
#include <string_view>

#include "containers/runtime_client.h"
#include "containers/unix_http.h"

namespace saker::containers {

class CriClient final : public RuntimeClient {
public:
  CriClient(const RuntimeSocket& socket, const ContainerOptions& options,
            const std::atomic<bool>& stop);
  [[nodiscard]] Inspected inspect(const std::string& id,
                                  std::chrono::steady_clock::time_point deadline) override;
  [[nodiscard]] RuntimeKind kind() const override { return socket_.kind; }
  [[nodiscard]] std::optional<std::uint32_t> owner() const override { return socket_.owner; }

private:
  // Returns the message of a successful answer.
  [[nodiscard]] tl::expected<std::string, LookupFault> call(const std::string& method,
                                                            const std::string& request);
  [[nodiscard]] Inspected inspect_sandbox(const std::string& id);

  RuntimeSocket socket_;
  ContainerOptions options_;
  UnixHttp http_;
  std::string runtime_;  // name that the runtime gives itself; empty: not asked yet
};

}  // namespace saker::containers
