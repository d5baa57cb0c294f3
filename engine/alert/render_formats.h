// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Formats that an output may choose instead of Falco's: one line of JSON each, with a schema in
// docs/schemas. All of them write valid UTF-8 whatever a traced process chose as a name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/alert/alert_facts.h"
#include "engine/alert/json_tree.h"

namespace saker {

// "falco", "nested", "ecs", "ocsf".
[[nodiscard]] std::optional<AlertFormat> parse_alert_format(std::string_view text);

// Fields two levels deep, {"proc": {"aname_2": …}}: a key's place and type depend on its name
// alone, so an index mapping never meets an object where it knows a number. Integers that other
// programs would round (beyond 2^53) are texts under "<key>_text".
void render_nested(std::string& out, const AlertFacts& facts);

// Elastic Common Schema 8.11. What has no place in it stands under "saker".
void render_ecs(std::string& out, const AlertFacts& facts);

// OCSF 1.3 Detection Finding (class 2004).
void render_ocsf(std::string& out, const AlertFacts& facts);

// Any format but kFalco.
void render_format(std::string& out, const AlertFacts& facts, AlertFormat format);

// The "fields" object of the nested format.
[[nodiscard]] JsonTree nested_fields(const AlertFacts& facts);

}  // namespace saker
