// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A fuzz target's input as event records, and a small machine for them to happen on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/base/arena.h"
#include "engine/base/bytes.h"
#include "engine/base/counters.h"
#include "engine/event/snapshot.h"
#include "engine/field/field_info.h"
#include "engine/state/state.h"

namespace saker::fuzz {

// Cuts `input` into records. Its first byte chooses the form of the rest:
//   even: records back to back, each as long as its own length field says (the last takes the
//   rest); odd: scripts of records that fit the catalogue: type u16, tid u8, count of parameters
//   u8, and
//     per parameter a length u8 and that many bytes. The length is the catalogue's where that is
//     fixed, except for 255: then the parameter is missing.
[[nodiscard]] std::vector<std::vector<std::byte>> records_of(Bytes input);

// Three processes (1 -> 10 -> 11, 11 in a container), some open files and sockets, a user.
[[nodiscard]] Snapshot small_machine();

// Applies the records to a State that begins with small_machine(), as the engine's loop does, and
// shows each event that parses. What `visit` is given is borrowed for the call.
void run_events(Bytes input, const std::function<void(const FieldContext&)>& visit);

}  // namespace saker::fuzz
