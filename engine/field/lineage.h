// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Walks along a process' ancestors. Internal to engine/field.
#pragma once

#include <cstddef>

#include "engine/state/state.h"

namespace saker {

// Calls `visit` for the main thread of `thread`'s process, then for its parent process, that one's
// and so on, until `visit` returns false, the line ends or the state's limit is reached (which also
// ends a loop in it).
template <typename Visitor>
void for_each_in_lineage(const State& state, const Thread& thread, Visitor&& visit) {
  const Thread* at = state.main_thread(thread);
  for (std::size_t i = 0; at != nullptr && i < state.limits().max_ancestors; ++i) {
    if (!visit(*at)) {
      return;
    }
    at = state.parent_process(*at);
  }
}

// The same without the process itself.
template <typename Visitor>
void for_each_ancestor(const State& state, const Thread& thread, Visitor&& visit) {
  bool is_self = true;
  for_each_in_lineage(state, thread, [&](const Thread& at) {
    const bool goes_on = is_self || visit(at);
    is_self = false;
    return goes_on;
  });
}

// The process `steps` generations up; 0: the main thread of the process itself. Null when unknown.
[[nodiscard]] inline const Thread* ancestor_at(const State& state, const Thread& thread,
                                               std::int64_t steps) {
  const Thread* found = nullptr;
  std::int64_t at = 0;
  for_each_in_lineage(state, thread, [&](const Thread& ancestor) {
    found = at == steps ? &ancestor : nullptr;
    return at++ < steps;
  });
  return found;
}

}  // namespace saker
