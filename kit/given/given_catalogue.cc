// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/given/given_catalogue.h"

#include "kit/given/given_values.h"

namespace saker {

namespace {

Value given_value(const FieldContext& context, const BoundField& field) {
  return context.given == nullptr ? Value() : context.given->value_of(context, field);
}

Value given_candidates(const FieldContext& context, const BoundField& field) {
  return context.given == nullptr ? Value() : context.given->candidates_of(context, field);
}

}  // namespace

std::shared_ptr<const FieldCatalogue> make_given_catalogue() {
  return std::make_shared<const FieldCatalogue>([](FieldInfo& row) {
    row.extract = &given_value;
    if (row.quantifier != Quantifier::kNone) {
      row.candidates = &given_candidates;
    }
    // A given value depends on nothing that could be known while rules are compiled.
    row.scope = FieldScope::kEvent;
    row.reads_event = nullptr;
  });
}

}  // namespace saker
