// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/container_id.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace saker {

namespace {

constexpr std::size_t kFullIdLength = 64;

enum class IdForm : std::uint8_t {
  kFullId,     // exactly 64 hexadecimal digits
  kComponent,  // everything up to the next slash
};

// A path matches when an id of the form stands between `prefix` and `suffix`. A full id ends a
// component of the path, which need not be the last: what runs in a container (systemd, another
// runtime) makes groups below the container's.
struct Pattern {
  std::string_view runtime;
  std::string_view prefix;
  std::string_view suffix;
  IdForm form;
};

// In order of precedence.
constexpr Pattern kPatterns[] = {
    {"podman", "/libpod-", ".scope/container", IdForm::kFullId},
    {"podman", "/libpod-", ".scope", IdForm::kFullId},
    {"podman", "/libpod-", "", IdForm::kFullId},
    {"podman", "/libpod_parent/libpod-", "", IdForm::kFullId},
    {"docker", "/", "", IdForm::kFullId},
    {"docker", "/docker-", ".scope", IdForm::kFullId},
    {"cri", "/crio-", "", IdForm::kFullId},
    {"cri", "/cri-containerd-", ".scope", IdForm::kFullId},
    {"cri", "/crio-", ".scope", IdForm::kFullId},
    {"cri", ":cri-containerd:", "", IdForm::kFullId},
    {"lxc", "/lxc/", "", IdForm::kComponent},
    {"lxc", "/lxc.payload/", "", IdForm::kComponent},
    {"lxc", "/lxc.payload.", "", IdForm::kComponent},
    {"libvirt-lxc", "/machine.slice/machine-lxc\\x2d", ".scope", IdForm::kComponent},
    {"libvirt-lxc", "/machine/", ".libvirt-lxc", IdForm::kComponent},
    {"bpm", "/bpm-", ".scope", IdForm::kComponent},
    {"bpm", "/bpm-", "", IdForm::kComponent},
};

[[nodiscard]] bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The id at the end of `path`.
[[nodiscard]] std::string_view match_last_id(const Pattern& pattern, std::string_view path) {
  if (path.size() < pattern.prefix.size() + kFullIdLength + pattern.suffix.size() ||
      !path.ends_with(pattern.suffix)) {
    return {};
  }
  path.remove_suffix(pattern.suffix.size());
  const std::string_view id = path.substr(path.size() - kFullIdLength);
  path.remove_suffix(kFullIdLength);
  return path.ends_with(pattern.prefix) && std::ranges::all_of(id, is_hex) ? id
                                                                           : std::string_view{};
}

// The innermost id of the path.
[[nodiscard]] std::string_view match_full_id(const Pattern& pattern, std::string_view path) {
  while (path.size() > kFullIdLength) {
    if (const std::string_view id = match_last_id(pattern, path); !id.empty()) {
      return id;
    }
    path = path.substr(0, std::min(path.rfind('/'), path.size() - 1));
  }
  return {};
}

[[nodiscard]] std::string_view match_component(const Pattern& pattern, std::string_view path) {
  const std::size_t begin = path.find(pattern.prefix);
  if (begin == std::string_view::npos) {
    return {};
  }
  path.remove_prefix(begin + pattern.prefix.size());
  path = path.substr(0, path.find('/'));
  if (!path.ends_with(pattern.suffix)) {
    return {};
  }
  path.remove_suffix(pattern.suffix.size());
  return path;
}

[[nodiscard]] std::string_view match(const Pattern& pattern, std::string_view cgroups) {
  while (!cgroups.empty()) {
    const std::size_t end = std::min(cgroups.find('\0'), cgroups.size());
    std::string_view path = cgroups.substr(0, end);
    cgroups.remove_prefix(std::min(end + 1, cgroups.size()));
    const std::size_t equals = path.find('=');
    path.remove_prefix(equals == std::string_view::npos ? path.size() : equals + 1);
    const std::string_view id = pattern.form == IdForm::kFullId ? match_full_id(pattern, path)
                                                                : match_component(pattern, path);
    if (!id.empty()) {
      return id;
    }
  }
  return {};
}

}  // namespace

ContainerMatch find_container(std::string_view cgroups) {
  for (const Pattern& pattern : kPatterns) {
    if (const std::string_view id = match(pattern, cgroups); !id.empty()) {
      return {id, pattern.runtime};
    }
  }
  return {};
}

}  // namespace saker
