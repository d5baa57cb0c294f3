// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Conditions that parse but probably do not say what their author meant. Falco's warnings
// LOAD_COMPILE_CONDITION, with its wording.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/source_map.h"
#include "engine/lang/ast.h"

namespace saker {

struct ConditionWarning {
  enum class Kind : std::uint8_t { kFieldAsText, kTransformerAsText, kSimpleRegex };

  Kind kind = Kind::kFieldAsText;
  std::string message;
  SourceSpan span;        // the constant
  SourceSpan right_side;  // the list that it stands in, or the constant; Falco's position
  ExpansionId expansion = ExpansionId::kNone;
};

// Returns the warnings of a condition in the order of its text:
//   'proc.name' may be a valid field misused as a const string value
//   'toupper(proc.name)' may be a valid field transformer misused as a const string value
//   regex check with 'abc' may be optimized with simpler operators such as '=', ...
// Constants are looked at without their blanks; `is_field` tells whether a text is the exact name
// of a field.
[[nodiscard]] std::vector<ConditionWarning> find_warnings(
    const Node& tree, const std::function<bool(std::string_view)>& is_field);

// Returns whether a regular expression matches nothing but a plain text at one end, both ends or
// anywhere: besides a leading ^, a trailing $ and .* .+ .? at either end it has no operators.
[[nodiscard]] bool is_simple_regex(std::string_view pattern);

}  // namespace saker
