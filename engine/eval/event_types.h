// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The event types that a condition can match, by set algebra over its evt.type checks. Used to
// index rules and to choose what the sensor collects. Source: falco-compat.md 1.9.
#pragma once

#include <bitset>

#include "engine/eval/bound_expr.h"
#include "engine/event/event_type.h"
#include "engine/lang/ast.h"

namespace saker {

using EventTypeSet = std::bitset<kEventTypeCount>;

// Fails where Falco ends with a run-time error: an evt.type check with a field on its right side or
// inside a transformer.
[[nodiscard]] Compiled<EventTypeSet> event_types_of(const Node& condition);

// All event types that carry `name`: the events of that name, or the generic ones for a system call
// without a type of its own. Empty when the name is unknown.
[[nodiscard]] EventTypeSet event_types_named(std::string_view name);

// True for names of events, of system calls, and for "NA", the name of unused slots.
[[nodiscard]] bool is_event_name(std::string_view name);

[[nodiscard]] EventTypeSet all_event_types();

}  // namespace saker
