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

}  // namespace

std::optional<Value> TypeFacts::value(const BoundExpr& left, EventType type) {
  if (!left.is_plain_field()) {
    return std::nullopt;
  }
  if (left.text == "evt.type" && !is_named_by_content(type)) {
    return Value::text(event_info(type).name);
  }
  if (scope_for(left.field, type) != FieldScope::kEventType) {
    return std::nullopt;
  }
  return values_.get(left.field, type);
}

std::optional<bool> TypeFacts::truth(const Predicate& predicate, const Value& left) {
  if (predicate.right != ExprId::kNone) {
    return std::nullopt;
  }
  return evaluate_predicate(predicate, left, {}, values_.arena());
}

}  // namespace saker
