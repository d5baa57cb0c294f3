// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Threads of the running system from /proc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/snapshot.h"

namespace saker::sensor {

// Longest argument vector and environment that are kept, as in the events.
inline constexpr std::size_t kMaxVectorBytes = 4096;

// All threads, each process's main thread first. `boot_epoch_ns`: realtime minus boot clock.
[[nodiscard]] std::vector<ThreadSnapshot> scan_threads(const std::string& proc_root,
                                                       std::uint64_t boot_epoch_ns);

// One thread, by its tid alone. False when there is none.
[[nodiscard]] bool scan_thread(const std::string& proc_root, std::int64_t tid,
                               std::uint64_t boot_epoch_ns, ThreadSnapshot& thread);

// When a thread started, in ns since the machine did, by the content of its /proc/PID/stat; 0: it
// says nothing.
[[nodiscard]] std::uint64_t start_since_boot_ns(std::string_view stat);

// Content of /proc/PID/cgroup as Falco's scan has it: "cpuset=/a", "cpu=/b", "cpuacct=/c",
// "blkio=/d", "memory=/e", each followed by NUL (execve events say io for blkio). A controller
// without a hierarchy of its own has the path of the unified one.
[[nodiscard]] std::string event_cgroups(std::string_view proc_cgroup);

}  // namespace saker::sensor
