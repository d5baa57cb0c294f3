// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Fields that conditions and outputs should not use any more. Source: falco-compat.md 2.7, 2.8.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "engine/lang/ast.h"

namespace saker {

// In the order of Falco's warnings.
inline constexpr std::array<std::string_view, 6> kDeprecatedFields{
    "evt.dir",        "evt.latency",       "evt.latency.s",
    "evt.latency.ns", "evt.latency.human", "evt.wait_latency"};

// A deprecated field in a condition.
struct DeprecatedUse {
  std::string_view field;  // of kDeprecatedFields
  SourceSpan span;         // its first use
  ExpansionId expansion = ExpansionId::kNone;
};

// What is doubtful about the fields of a condition without macros.
struct FieldFindings {
  std::vector<DeprecatedUse> deprecated;  // each field once, in the order of kDeprecatedFields
  // First comparison of a Kubernetes audit field (ka.*, jevt.*) with the text <NA>.
  bool has_unsafe_na = false;
  SourceSpan unsafe_na;
  ExpansionId unsafe_na_expansion = ExpansionId::kNone;
};

[[nodiscard]] FieldFindings find_doubtful_fields(const Node& condition);

// Falco's text for a deprecated field in a condition.
[[nodiscard]] std::string deprecated_in_condition(std::string_view field);

}  // namespace saker
