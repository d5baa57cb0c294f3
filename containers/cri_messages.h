// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The messages of the container runtime interface that are needed to know a container.
// Source: Kubernetes cri-api, pkg/apis/runtime/v1/api.proto (field numbers).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "containers/container_options.h"
#include "engine/field/container_metadata.h"

namespace saker::containers {

// Requests, without gRPC's frame.
[[nodiscard]] std::string cri_version_request();
[[nodiscard]] std::string cri_status_request(const std::string& id);  // of containers and pods

// A gRPC frame around one message, and the message in one. None when `frame` is not exactly one
// uncompressed message.
[[nodiscard]] std::string grpc_frame(std::string_view message);
[[nodiscard]] std::optional<std::string_view> grpc_message(std::string_view frame);

// VersionResponse: "containerd", "cri-o".
[[nodiscard]] std::optional<std::string> read_cri_version(std::string_view message);

struct CriContainer {
  ContainerInfo info;
  std::string sandbox_id;  // empty: the runtime does not say
};

// ContainerStatusResponse.
[[nodiscard]] std::optional<CriContainer> read_cri_container(std::string_view message,
                                                             const ContainerOptions& options);

// PodSandboxStatusResponse: adds what the pod knows to its container; to the sandbox's own
// container
// (`is_sandbox`) also name and labels. False when the message is none.
[[nodiscard]] bool read_cri_pod(std::string_view message, const ContainerOptions& options,
                                bool is_sandbox, ContainerInfo& info);

// The JSON texts in the verbose answers; what is not there stays as it is.
void read_cri_container_json(const std::string& json, CriContainer& container);
void read_cri_pod_json(const std::string& json, std::size_t max_bytes, ContainerInfo& info);

}  // namespace saker::containers
