// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What the docker API (and podman's imitation of it) answers, as ContainerInfo.
// Source: Docker Engine API 1.43, ContainerInspect and ImageInspect.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "containers/container_options.h"
#include "engine/field/container_metadata.h"

namespace saker::containers {

struct DockerContainer {
  std::string id;
  ContainerInfo info;
  std::string network_of;  // id of the container whose network this one shares; empty: its own
};

// Answer of /containers/ID/json. None when it is not JSON or not about a container.
[[nodiscard]] std::optional<DockerContainer> read_docker_container(const std::string& json,
                                                                   const ContainerOptions& options);

struct DockerImage {
  std::vector<std::string> tags;     // repository:tag
  std::vector<std::string> digests;  // repository@sha256:…
};

// Answer of /images/ID/json.
[[nodiscard]] std::optional<DockerImage> read_docker_image(const std::string& json);

// Fills repository, tag and digest from the image's name in `info.image` and, if it was asked, from
// the image.
void complete_image(ContainerInfo& info, const DockerImage* image);

}  // namespace saker::containers
