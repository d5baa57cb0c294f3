// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Facts about the machine itself.
#pragma once

#include <cstdint>

#include "engine/event/snapshot.h"

namespace saker::sensor {

// `boot_epoch_ns`: when the machine was started.
[[nodiscard]] MachineSnapshot describe_machine(std::uint64_t boot_epoch_ns);

}  // namespace saker::sensor
