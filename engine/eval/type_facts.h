// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What an event's type alone decides about a predicate, used to specialise programs per event type.
#pragma once

#include <optional>

#include "engine/eval/predicate.h"
#include "engine/event/event_type.h"
#include "engine/field/type_value.h"

namespace saker {

class TypeFacts {
public:
  // The value that `left` has in every event of `type`; nullopt when it depends on more. Borrowed
  // until the next call.
  [[nodiscard]] std::optional<Value> value(const BoundExpr& left, EventType type);

  // The answer of `predicate` for that value of its left expression; nullopt when it depends on
  // more than the value.
  [[nodiscard]] std::optional<bool> truth(const Predicate& predicate, const Value& left);

private:
  TypeValues values_;
};

}  // namespace saker
