// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Addresses of this machine's network interfaces, as seen from our own network namespace.
#pragma once

#include <vector>

#include "engine/event/snapshot.h"

namespace saker::sensor {

[[nodiscard]] std::vector<InterfaceSnapshot> list_interfaces();

}  // namespace saker::sensor
