// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Names of the event's fd, from its record or, when the call that would have made it failed, from
// the call's parameters. For events that work on an fd and have a thread.
// Source: falco-compat-fields.md 7.3, fd.name.
#pragma once

#include "engine/field/field_info.h"

namespace saker {

enum class PathForm : std::uint8_t { kAbsolute, kRaw };

[[nodiscard]] Value fd_name(const FieldContext& context);

// Directory part of the name; none for fds that are neither files nor directories.
[[nodiscard]] Value fd_directory(const FieldContext& context);

// Name without a record: what an open or connect asked for; the empty text for other events.
[[nodiscard]] Value name_from_event(const FieldContext& context, PathForm form);

// fd.typechar without a record.
[[nodiscard]] char letter_from_event(const FieldContext& context);

}  // namespace saker
