// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs a capture through the state engine and shows every event that rules would see.
#pragma once

#include <functional>
#include <string>

#include "engine/field/field_info.h"

namespace saker {

// Calls `visit` for each event in order; what it is given is borrowed for the call. Fails the
// current test when the capture cannot be read.
void replay_events(const std::string& capture,
                   const std::function<void(const FieldContext&)>& visit);

}  // namespace saker
