// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Facts about this machine and this process for the snapshot. What cannot be read stays empty.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compat/metrics/snapshot.h"

namespace saker::metrics {

[[nodiscard]] std::string kernel_release();
[[nodiscard]] std::uint64_t boot_time_ns();
[[nodiscard]] std::uint64_t cpu_count();
// Addresses of every interface but the loop-back, sorted by name.
[[nodiscard]] std::vector<InterfaceAddresses> interface_addresses();

// `proc_root`: where /proc is. cgroup memory: the file of FALCO_CGROUP_MEM_PATH, else Falco's
// default, else that of cgroup v2.
[[nodiscard]] ResourceUsage resource_usage(const std::string& proc_root = "/proc");

// digest.cc: SHA-256 of a text in hexadecimal.
[[nodiscard]] std::string sha256_hex(const std::string& text);
// Of the files that can be read, in order; `name` without folders.
[[nodiscard]] std::vector<FileDigest> file_digests(const std::vector<std::string>& paths);

}  // namespace saker::metrics
