// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Paths in event parameters and what they are relative to.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/field/arena_text.h"
#include "engine/field/field_info.h"
#include "engine/state/path.h"

namespace saker {

// join_path of engine/state/path.h with the result in the arena.
[[nodiscard]] std::string_view join_path(Arena& arena, std::string_view directory,
                                         std::string_view path);

// Directory for paths relative to `fd`, with a slash at its end: the cwd for AT_FDCWD, the fd's
// name when it is open, else `when_unknown`.
[[nodiscard]] std::string_view directory_of(const FieldContext& context, const Thread& thread,
                                            std::int64_t fd, std::string_view when_unknown);

// Appends the absolute path that text parameter `i` means; nothing when the text is missing, empty
// or absolute itself.
void append_absolute_path(ArenaText& out, const FieldContext& context, std::size_t i);

}  // namespace saker
