// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// On which events a field can have a value at all.
#pragma once

#include "engine/eval/bound_expr.h"
#include "engine/eval/event_types.h"
#include "engine/event/catalogue.h"
#include "engine/field/type_value.h"

namespace saker::kit {

// Whether `field` has no value on any of the types that rules see among `types`.
[[nodiscard]] inline bool is_absent_on(const BoundField& field, const EventTypeSet& types) {
  TypeValues values;
  bool is_any = false;
  for (const EventInfo& info : all_events()) {
    if (!types.test(index_of(info.type)) || !reaches_rules(info.type)) {
      continue;
    }
    is_any = true;
    if (scope_for(field, info.type) != FieldScope::kEventType ||
        values.get(field, info.type).has_value()) {
      return false;
    }
  }
  return is_any;
}

}  // namespace saker::kit
