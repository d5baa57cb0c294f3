// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/cri_client.h"
#include "containers/docker_client.h"
#include "containers/runtime_client.h"

namespace saker::containers {

std::vector<std::unique_ptr<RuntimeClient>> make_clients(const ContainerOptions& options,
                                                         const std::atomic<bool>& stop) {
  std::vector<std::unique_ptr<RuntimeClient>> clients;
  for (const RuntimeSocket& socket : options.sockets) {
    if (socket.kind == RuntimeKind::kDocker || socket.kind == RuntimeKind::kPodman) {
      clients.push_back(std::make_unique<DockerClient>(socket, options, stop));
    } else {
      clients.push_back(std::make_unique<CriClient>(socket, options, stop));
    }
  }
  return clients;
}

}  // namespace saker::containers
