// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/docker_json.h"

#include <algorithm>

#include "containers/image_name.h"
#include "containers/json_text.h"

namespace saker::containers {

namespace {

using json::Json;
using json::member;

constexpr std::string_view kSharedNetwork = "container:";

std::vector<ContainerMount> mounts_of(const Json& list, const ContainerOptions& options) {
  std::vector<ContainerMount> mounts;
  if (!list.is_array()) {
    return mounts;
  }
  for (const Json& mount : list) {
    if (mounts.size() == options.max_mounts) {
      break;
    }
    const std::size_t bound = options.max_text_bytes;
    mounts.push_back({.source = json::text(mount, "Source", bound),
                      .destination = json::text(mount, "Destination", bound),
                      .mode = json::text(mount, "Mode", bound),
                      .propagation = json::text(mount, "Propagation", bound),
                      .is_writable = json::flag(mount, "RW")});
  }
  return mounts;
}

std::string ip_of(const Json& settings, std::size_t bound) {
  std::string ip = json::text(settings, "IPAddress", bound);
  const Json& networks = member(settings, "Networks");
  if (ip.empty() && networks.is_object()) {
    for (const auto& [name, network] : networks.items()) {
      if (ip = json::text(network, "IPAddress", bound); !ip.empty()) {
        break;
      }
    }
  }
  return ip;
}

std::vector<std::string> texts_of(const Json& list) {
  constexpr std::size_t kMaxNames = 256;
  std::vector<std::string> texts;
  if (list.is_array()) {
    for (const Json& item : list) {
      if (item.is_string() && texts.size() < kMaxNames) {
        texts.push_back(item.get<std::string>());
      }
    }
  }
  return texts;
}

}  // namespace

std::optional<DockerContainer> read_docker_container(const std::string& json_text,
                                                     const ContainerOptions& options) {
  const Json root = json::parse(json_text);
  if (!root.is_object() || !member(root, "Id").is_string()) {
    return {};
  }
  const std::size_t bound = options.max_text_bytes;
  const Json& config = member(root, "Config");
  const Json& host = member(root, "HostConfig");
  DockerContainer container;
  container.id = json::text(root, "Id", bound);
  ContainerInfo& info = container.info;
  info.name = json::text(root, "Name", bound);
  info.name.erase(0, info.name.starts_with('/') ? 1 : 0);
  info.image = json::text(config, "Image", bound);
  info.image_id = strip_algorithm(json::text(root, "Image", bound));
  info.is_privileged = json::flag(host, "Privileged");
  info.has_host_pid = json::text(host, "PidMode", bound) == "host";
  info.has_host_ipc = json::text(host, "IpcMode", bound) == "host";
  const std::string network = json::text(host, "NetworkMode", bound);
  info.has_host_network = network == "host";
  if (network.starts_with(kSharedNetwork)) {
    container.network_of = network.substr(kSharedNetwork.size());
  }
  info.ip = ip_of(member(root, "NetworkSettings"), bound);
  info.mounts = mounts_of(member(root, "Mounts"), options);
  info.labels = json::labels(member(config, "Labels"), options);
  return container;
}

std::optional<DockerImage> read_docker_image(const std::string& json_text) {
  const Json root = json::parse(json_text);
  if (!root.is_object()) {
    return {};
  }
  return DockerImage{texts_of(member(root, "RepoTags")), texts_of(member(root, "RepoDigests"))};
}

void complete_image(ContainerInfo& info, const DockerImage* image) {
  // Started by its id: the image's first name says more.
  if (image != nullptr && !image->tags.empty() && is_image_id(info.image)) {
    info.image = image->tags.front();
  }
  if (is_image_id(info.image)) {
    return;
  }
  const ImageName name = split_image_name(info.image);
  info.image_repository = name.repository;
  info.image_tag = name.tag;
  info.image_digest = name.digest;
  if (image != nullptr) {
    for (const std::string& text : image->digests) {
      const ImageName known = split_image_name(text);
      if (info.image_digest.empty() &&
          (known.repository == name.repository || image->digests.size() == 1)) {
        info.image_digest = known.digest;
      }
    }
    for (const std::string& text : image->tags) {
      const ImageName known = split_image_name(text);
      if (info.image_tag.empty() && known.repository == name.repository) {
        info.image_tag = known.tag;
      }
    }
  }
  if (info.image_tag.empty() && name.digest.empty()) {
    info.image_tag = "latest";  // what a name without a tag means
  }
}

}  // namespace saker::containers
