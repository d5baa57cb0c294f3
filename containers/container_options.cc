// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/container_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

namespace saker::containers {

std::string_view to_text(RuntimeKind kind) {
  constexpr std::array<std::string_view, 4> kTexts = {"docker", "podman", "containerd", "cri"};
  return kTexts[static_cast<std::size_t>(kind)];
}

namespace {

// Source: the container plugin's documentation of init_config.
constexpr std::array<std::pair<RuntimeKind, std::string_view>, 7> kDefaults = {{
    {RuntimeKind::kDocker, "/var/run/docker.sock"},
    {RuntimeKind::kPodman, "/run/podman/podman.sock"},
    {RuntimeKind::kCri, "/run/containerd/containerd.sock"},
    {RuntimeKind::kCri, "/run/crio/crio.sock"},
    {RuntimeKind::kCri, "/run/k3s/containerd/containerd.sock"},
    {RuntimeKind::kCri, "/run/host-containerd/containerd.sock"},
    {RuntimeKind::kContainerd, "/run/host-containerd/containerd.sock"},
}};

constexpr std::size_t kMaxUserSockets = 64;

}  // namespace

std::optional<std::uint32_t> socket_owner(std::string_view path, std::string_view host_root) {
  if (!path.starts_with(host_root)) {
    return {};
  }
  path.remove_prefix(host_root.size());
  for (const std::string_view folder : {"/run/user/", "/var/run/user/"}) {
    std::uint32_t user = 0;
    if (path.starts_with(folder)) {
      path.remove_prefix(folder.size());
      const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), user);
      if (error == std::errc() && end != path.data() + path.size() && *end == '/' && user != 0) {
        return user;
      }
    }
  }
  return {};
}

std::vector<RuntimeSocket> default_sockets(const std::string& host_root) {
  std::vector<RuntimeSocket> sockets;
  for (const auto& [kind, path] : kDefaults) {
    sockets.push_back({kind, host_root + std::string(path)});
  }
  std::error_code error;
  std::vector<std::string> users;
  for (std::filesystem::directory_iterator at(host_root + "/run/user", error), end;
       !error && at != end && users.size() < kMaxUserSockets; at.increment(error)) {
    std::string path = at->path().string() + "/podman/podman.sock";
    std::error_code missing;
    if (std::filesystem::exists(path, missing)) {
      users.push_back(std::move(path));
    }
  }
  std::ranges::sort(users);
  for (std::string& path : users) {
    const auto owner = socket_owner(path, host_root);
    sockets.push_back({RuntimeKind::kPodman, std::move(path), owner});
  }
  return sockets;
}

}  // namespace saker::containers
