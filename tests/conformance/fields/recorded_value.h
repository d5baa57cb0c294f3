// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Compares a field's value with what the reference's JSON output said of it.
#pragma once

#include <string>
#include <string_view>

#include "engine/field/field_info.h"

namespace saker::testing {

// Whether `value` would be written as `token`, a JSON value as it stands in a recording. Lists are
// compared as sets.
[[nodiscard]] bool is_recorded_value(const FieldContext& context, const BoundField& field,
                                     const Value& value, std::string_view token);

// The value as JSON, for messages.
[[nodiscard]] std::string as_json(const FieldContext& context, const BoundField& field,
                                  const Value& value);

}  // namespace saker::testing
