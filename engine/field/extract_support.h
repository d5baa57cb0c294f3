// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Small pieces that the files of field classes share. Internal to engine/field.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

#include "engine/field/arena_text.h"
#include "engine/field/field_info.h"

namespace saker::field_support {

// Returns the rows with their class' name filled in.
template <std::size_t N>
[[nodiscard]] constexpr std::array<FieldInfo, N> in_class(std::string_view class_name,
                                                          const FieldInfo (&rows)[N]) {
  std::array<FieldInfo, N> result{};
  for (std::size_t i = 0; i < N; ++i) {
    result[i] = rows[i];
    result[i].class_name = class_name;
  }
  return result;
}

// A value of the kind that fits `value`'s C++ type. Text is borrowed and cut at its first NUL.
template <typename T>
[[nodiscard]] Value to_value(const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return Value::boolean(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    return Value::real(value);
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    return Value::integer(value);
  } else if constexpr (std::is_integral_v<T>) {
    return Value::number(value);
  } else {
    const std::string_view text = value;
    return Value::text(text.substr(0, text.find('\0')));
  }
}

// Extractor: member of the event's thread.
template <auto Member>
[[nodiscard]] Value of_thread(const FieldContext& context, const BoundField&) {
  const Thread* thread = context.applied.thread;
  return thread == nullptr ? Value{} : to_value(thread->*Member);
}

// Extractor: member of the thread's image.
template <auto Member>
[[nodiscard]] Value of_image(const FieldContext& context, const BoundField&) {
  const Thread* thread = context.applied.thread;
  return thread == nullptr ? Value{} : to_value((*thread->image).*Member);
}

// Extractor: what `Function(context, thread)` returns; none without a thread.
template <auto Function>
[[nodiscard]] Value with_thread(const FieldContext& context, const BoundField& field) {
  const Thread* thread = context.applied.thread;
  if (thread == nullptr) {
    return {};
  }
  if constexpr (std::is_invocable_v<decltype(Function), const FieldContext&, const Thread&,
                                    const BoundField&>) {
    return Function(context, *thread, field);
  } else {
    return Function(context, *thread);
  }
}

// Extractor: the same for every event.
template <std::uint64_t Number>
[[nodiscard]] Value constant_number(const FieldContext&, const BoundField&) {
  return Value::number(Number);
}

[[nodiscard]] inline Value no_value(const FieldContext&, const BoundField&) {
  return {};
}

// A number that is missing when it is 0.
template <typename T>
[[nodiscard]] Value unless_zero(T value) {
  return value == 0 ? Value{} : to_value(value);
}

// Calls `visit(piece)` for every NUL-terminated piece of `text`, in order. Returns the number of
// pieces. `visit` returns false to stop.
template <typename Visitor>
std::size_t for_each_piece(std::string_view text, Visitor&& visit) {
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    ++count;
    if (!visit(text.substr(0, end))) {
      break;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return count;
}

// Appends the pieces of `text` with `separator` between them.
inline void append_pieces(ArenaText& out, std::string_view text, char separator) {
  bool is_first = true;
  for_each_piece(text, [&](std::string_view piece) {
    if (!is_first) {
      out.append(separator);
    }
    is_first = false;
    out.append(piece);
    return true;
  });
}

// The arguments of an image joined by blanks.
[[nodiscard]] inline std::string_view joined_args(const ExecImage& image) {
  return std::string_view(image.cmdline).substr(image.args_offset);
}

// Value of `name` in NUL-terminated NAME=value pieces, without blanks around it; empty when it is
// not there.
[[nodiscard]] inline std::string_view env_value(std::string_view env, std::string_view name) {
  std::string_view found = "";
  for_each_piece(env, [&](std::string_view piece) {
    if (piece.size() <= name.size() || piece[name.size()] != '=' || !piece.starts_with(name)) {
      return true;
    }
    found = piece.substr(name.size() + 1);
    return false;
  });
  const std::size_t begin = found.find_first_not_of(' ');
  if (begin == std::string_view::npos) {
    return "";
  }
  return found.substr(begin, found.find_last_not_of(' ') - begin + 1);
}

// Full id of the thread's container; empty on the host.
[[nodiscard]] inline std::string_view container_of(const Thread* thread) {
  return thread != nullptr && thread->cgroups ? std::string_view(thread->cgroups->container_id)
                                              : std::string_view{};
}

// Open fds of `thread`'s process.
[[nodiscard]] inline std::uint64_t open_fd_count(const FieldContext& context,
                                                 const Thread& thread) {
  const Thread* main = context.state.main_thread(thread);
  const FdTable* fds = main == nullptr ? nullptr : context.state.fds(*main);
  return fds == nullptr ? 0 : fds->size();
}

// Whether the event carries a return value: exit events of system calls with a type of their own.
[[nodiscard]] inline bool has_return_value(EventType type) {
  const EventInfo& info = event_info(type);
  return !is_enter(type) && type != EventType::kGenericX && info.kind == EventKind::kSyscall &&
         !info.params.empty();
}

// The return value; empty when the event carries none.
[[nodiscard]] inline std::optional<std::int64_t> return_value(const EventView& event) {
  if (!has_return_value(event.type()) || event.is_missing(0)) {
    return std::nullopt;
  }
  return event.get_signed(0, 0);
}

// Whether calls of this type do input, output or something similar with an fd.
[[nodiscard]] inline bool is_io_category(EventType type) {
  const EventCategory category = event_info(type).category;
  return category == EventCategory::kIoRead || category == EventCategory::kIoWrite ||
         category == EventCategory::kIoOther;
}

[[nodiscard]] inline bool works_on_fd(EventType type) {
  return event_info(type).has(event_flag::kCreatesFd | event_flag::kUsesFd |
                              event_flag::kDestroysFd);
}

inline constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

}  // namespace saker::field_support
