// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a container runtime says of a container, for the container.* and k8s.* fields. Events only
// give the id; whoever can ask a runtime implements ContainerMetadata. Absent in replay.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saker {

struct ContainerMount {
  std::string source;
  std::string destination;
  std::string mode;
  std::string propagation;
  bool is_writable = false;
};

using Labels = std::vector<std::pair<std::string, std::string>>;

struct ContainerInfo {
  std::string runtime;  // docker, podman, containerd, cri-o; empty: as the cgroups say
  std::string name;
  std::string image;  // with tag
  std::string image_id;
  std::string image_repository;
  std::string image_tag;
  std::string image_digest;
  std::string ip;
  std::string cni_json;
  std::string pod_full_sandbox_id;
  std::string pod_ip;
  bool is_privileged = false;
  bool has_host_pid = false;
  bool has_host_network = false;
  bool has_host_ipc = false;
  std::vector<ContainerMount> mounts;
  Labels labels;
  Labels pod_labels;
};

class ContainerMetadata {
public:
  virtual ~ContainerMetadata() = default;
  // `full_id` as the cgroups hold it. Null while nothing is known; the answer must stay valid until
  // the next event.
  [[nodiscard]] virtual const ContainerInfo* find(std::string_view full_id) const = 0;
  // Changes whenever an answer of find() may have changed: caches hold answers by it.
  [[nodiscard]] virtual std::uint64_t generation() const = 0;
};

}  // namespace saker
