// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The starting snapshot: what /proc, /etc and the network interfaces say now. Best effort: threads
// that end during the scan are left out, unreadable facts keep their defaults.
#pragma once

#include <cstdint>
#include <string>

#include "engine/event/snapshot.h"

namespace saker::sensor {

// Reads everything below `proc_root` (a mounted /proc, or a folder that looks like one).
// `boot_epoch_ns`: realtime minus boot clock, to date the starts of threads.
[[nodiscard]] Snapshot scan_snapshot(const std::string& proc_root, std::uint64_t boot_epoch_ns);

}  // namespace saker::sensor
