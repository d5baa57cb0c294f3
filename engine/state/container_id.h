// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Container ids from cgroup paths.
// Source: falco-compat-fields.md 7.3, container.id.
#pragma once

#include <string_view>

namespace saker {

struct ContainerMatch {
  std::string_view id;       // borrowed from the cgroups; empty: no container
  std::string_view runtime;  // static text: podman, docker, cri …; empty: no container
};

// Looks through `cgroups` (subsystem=path pieces, each followed by NUL) for a path that a container
// runtime makes. Runtimes are tried in a fixed order, each on all paths; the first match wins.
[[nodiscard]] ContainerMatch find_container(std::string_view cgroups);

}  // namespace saker
