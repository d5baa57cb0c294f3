// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The two texts of an event parameter. "Raw" is the value as it stands; "resolved" adds what state
// and tables know: the file of an fd, the names of flags, an absolute path. evt.arg shows the
// resolved text if there is one, evt.args "name=raw(resolved)".
// Source: falco-compat-fields.md 7.4.
#pragma once

#include <string_view>

#include "engine/event/catalogue.h"
#include "engine/field/arena_text.h"
#include "engine/field/field_info.h"

namespace saker {

// Appends the raw text of parameter `i`, which must be below the record's number of parameters.
void append_raw_param(ArenaText& out, const FieldContext& context, std::size_t i);

// Appends the resolved text; nothing when the raw text says it all.
void append_resolved_param(ArenaText& out, const FieldContext& context, std::size_t i);

// What evt.arg shows: the resolved text, or the raw one where there is none.
[[nodiscard]] Value param_value(const FieldContext& context, std::size_t i);

// Names of the bits of `value` joined by '|', in the order of `table`.
void append_flag_names(ArenaText& out, FlagTable table, std::uint32_t value);

// The typed value of parameter `i` (evt.rawarg): numbers stay numbers. None when it is missing,
// "<NA>" for missing text.
[[nodiscard]] Value raw_param_value(const FieldContext& context, std::size_t i);

}  // namespace saker
