// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The part of JSON Schema that docs/schemas uses: type, const, enum, pattern, minimum, maximum,
// required, properties, additionalProperties, items. Anything else fails the check.
#pragma once

#include <string>
#include <vector>

namespace saker::testing {

// Returns one line per violation; empty: `text` is a document that the schema allows.
[[nodiscard]] std::vector<std::string> schema_violations(const std::string& schema,
                                                         const std::string& text);

}  // namespace saker::testing
