// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Values that an event's type alone decides, asked for at load time to specialise rules per event
// type.
#pragma once

#include <memory>

#include "engine/base/arena.h"
#include "engine/field/field_info.h"

namespace saker {

class TypeValues {
public:
  TypeValues();
  ~TypeValues();

  // Value, as conditions compare it, of a field whose scope_for(field, type) is kEventType.
  // Borrowed until the next call.
  [[nodiscard]] Value get(const BoundField& field, EventType type);
  [[nodiscard]] Arena& arena() { return arena_; }

private:
  Counters counters_;
  std::unique_ptr<const State> state_;  // empty: no thread, no fd
  Arena arena_;
};

}  // namespace saker
