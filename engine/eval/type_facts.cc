// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/type_facts.h"

#include "engine/event/catalogue.h"

namespace saker {

namespace {

// The name inside these events is what evt.type prints, so their type number decides little.
bool is_named_by_content(EventType type) {
  return type == EventType::kGenericE || type == EventType::kGenericX ||
         type == EventType::kAsynceventE || type == EventType::kPlugineventE;
}

bool has_no_parameter(const BoundField& field, EventType type) {
  return !field.param_positions.empty() && field.param_positions[index_of(type)] < 0;
}

}  // namespace

std::optional<bool> truth_for_type(const Predicate& predicate, const BoundExpr& left,
                                   EventType type) {
  if (!left.is_plain_field()) {
    return std::nullopt;
  }
  if (has_no_parameter(left.field, type)) {
    return false;
  }
  if (left.text == "evt.type" && predicate.right == ExprId::kNone && !is_named_by_content(type)) {
    Arena arena;
    return evaluate_predicate(predicate, Value::text(event_info(type).name), {}, arena);
  }
  return std::nullopt;
}

}  // namespace saker
