// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Values as Falco prints them in text outputs and in joins.
#pragma once

#include <string>

#include "engine/field/field_info.h"

namespace saker {

// Appends the text of `value` with the type and format of `field` (or the value's own). Nothing for
// kNone. Bytes: non-printable ones as '.', or base64 if `buffer_as_base64`. Lists: "(a,b)".
// Compat: numbers without a format (of len()) are printed in decimal; the reference prints <NA>.
void render_value(std::string& out, const Value& value, ParamType type, ParamFormat format,
                  bool buffer_as_base64 = false);

// Whether JSON output writes the value as a number rather than as a string. Source:
// falco-compat.md 3.2.
[[nodiscard]] bool is_json_number(ParamType type, ParamFormat format);

}  // namespace saker
