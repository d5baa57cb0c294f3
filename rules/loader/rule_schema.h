// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The schema of rule files: one flat union of all keys of all items, as `falco --rule-schema`
// prints it, and the check of a document against it. It never fails a load. The messages are those
// of the JSON schema library that Falco uses. Source: falco-compat.md 2.9.
#pragma once

#include <string>
#include <vector>

#include "rules/loader/yaml_source.h"

namespace saker {

// Appends one message for each failed step, innermost first; none if the document fits.
void check_rule_schema(const YamlNode& document, std::vector<std::string>& messages);

// The schema as JSON text.
[[nodiscard]] std::string rule_schema_json();

}  // namespace saker
