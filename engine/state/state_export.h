// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The state as a snapshot: what a capture begins with that is cut out of running events. Inside
// engine/state only; see State::snapshot().
#pragma once

#include "engine/event/snapshot.h"
#include "engine/state/state_core.h"

namespace saker {

// State::reset() of the result gives the same state again, as far as a capture can hold it.
[[nodiscard]] Snapshot export_state(const StateCore& core);

}  // namespace saker
