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
  // The answer that `predicate` has for every event of `type`; nullopt when it depends on more.
  // `left` is the predicate's left expression.
  [[nodiscard]] std::optional<bool> truth(const Predicate& predicate, const BoundExpr& left,
                                          EventType type);

private:
  TypeValues values_;
};

}  // namespace saker
