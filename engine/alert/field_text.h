// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Single values of an alert as text, for keys and filters of outputs.
#pragma once

#include <string>
#include <string_view>

#include "engine/alert/alert.h"

namespace saker {

// Appends the text of the output field `name` ("container.id"). False, and nothing appended, when
// the rule's output has no such field or the field has no value.
bool append_field_text(std::string& out, const Alert& alert, std::string_view name);

// 32 hexadecimal digits that are equal for equal rules (names, conditions, outputs, priorities,
// tags, switched on or off), on any machine and in any run.
[[nodiscard]] std::string rules_digest(const RuleSet& rules);

}  // namespace saker
