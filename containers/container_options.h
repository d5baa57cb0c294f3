// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which container runtimes are asked, and how much they may cost. The engines and their sockets are
// those of Falco's container plugin (init_config); the bounds are ours.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace saker::containers {

enum class RuntimeKind : std::uint8_t { kDocker, kPodman, kContainerd, kCri };

// "docker", "podman", "containerd", "cri": the key of init_config.
[[nodiscard]] std::string_view to_text(RuntimeKind kind);

struct RuntimeSocket {
  RuntimeKind kind;
  std::string path;
  // User whose runtime this is (run/user/UID); it decides about this user's containers only, and
  // only this user or root may answer. None: the machine's.
  std::optional<std::uint32_t> owner = std::nullopt;
};

// Owner of a socket by its path, which begins with `host_root`.
[[nodiscard]] std::optional<std::uint32_t> socket_owner(std::string_view path,
                                                        std::string_view host_root);

struct ContainerOptions {
  std::vector<RuntimeSocket> sockets;  // in the order in which they are asked
  std::size_t label_max_bytes = 100;   // longer labels are left out
  // Bounds of one answer and of what is kept of it.
  std::size_t max_answer_bytes = 4U << 20;
  std::size_t max_text_bytes = 4096;
  std::size_t max_labels = 256;
  std::size_t max_mounts = 256;
  std::chrono::milliseconds request_timeout{1000};
  // All runtimes and repetitions for one container: the next container waits meanwhile.
  std::chrono::milliseconds lookup_timeout{1500};
  // A runtime that takes longer to say that it does not know a container rests, too.
  std::chrono::milliseconds slow_answer{500};
  // A runtime creates a container's cgroup before it lists the container. Falco's plugin asks again
  // every 30 ms for 150 ms.
  std::chrono::milliseconds retry_interval{30};
  std::uint32_t max_tries = 6;
  // A runtime that hangs or answers nonsense rests this long, twice as long each time.
  std::chrono::milliseconds first_rest{1000};
  std::chrono::milliseconds longest_rest{60000};
  std::size_t max_waiting_lookups = 1024;
};

// The sockets that Falco's plugin asks unless told otherwise. `host_root` stands before every path
// (HOST_ROOT); the users' podman sockets are those that exist in its run/user.
[[nodiscard]] std::vector<RuntimeSocket> default_sockets(const std::string& host_root);

// Reads init_config, JSON text: engines.KIND.enabled and .sockets, label_max_len. Empty text: the
// defaults. Keys without meaning here (with_size, hooks, other engines) are passed over. Fails with
// kInvalidArgument when a value has the wrong type.
[[nodiscard]] Result<ContainerOptions> read_init_config(const std::string& json,
                                                        const std::string& host_root);

}  // namespace saker::containers
