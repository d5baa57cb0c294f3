// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Opened and named files: evt.is_open_read …, evt.abspath.
#include <algorithm>
#include <array>

#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/param_paths.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum EventType;

// Source: flags.json file_flags (Falco's numbering).
constexpr std::uint32_t kOpenRead = 1;
constexpr std::uint32_t kOpenWrite = 2;
constexpr std::uint32_t kOpenCreate = 4;
constexpr std::uint32_t kOpenTmpfile = 1 << 13;
constexpr std::uint32_t kOpenCreated = 1 << 14;
constexpr std::uint32_t kAnyExecuteBit = 0111;

// Where open-like events keep flags and mode; -1: nowhere.
struct OpenRow {
  EventType type;
  std::int8_t flags;
  std::int8_t mode;
};

constexpr OpenRow kOpens[] = {
    {kSyscallOpenX, 2, 3},   {kSyscallOpenatV2X, 3, 4},        {kSyscallOpenat2X, 3, 4},
    {kSyscallCreatX, -1, 2}, {kSyscallOpenByHandleAtX, 2, -1},
};

const OpenRow* open_row(EventType type) {
  const auto* found = std::find_if(std::begin(kOpens), std::end(kOpens),
                                   [&](const OpenRow& row) { return row.type == type; });
  return found == std::end(kOpens) ? nullptr : found;
}

bool is_open(EventType type) {
  return open_row(type) != nullptr;
}

std::uint32_t number_at(const EventView& event, std::int8_t i) {
  return i < 0 ? 0 : event.get<std::uint32_t>(static_cast<std::size_t>(i));
}

template <std::uint32_t Bit>
Value is_open_for(const FieldContext& context, const BoundField&) {
  const OpenRow* row = open_row(context.event.type());
  return Value::boolean(row != nullptr && (number_at(context.event, row->flags) & Bit) != 0);
}

Value is_open_executable(const FieldContext& context, const BoundField&) {
  const OpenRow* row = open_row(context.event.type());
  if (row == nullptr) {
    return Value::boolean(false);
  }
  const bool creates =
      row->flags < 0 || (number_at(context.event, row->flags) & (kOpenCreate | kOpenTmpfile)) != 0;
  return Value::boolean(creates && (number_at(context.event, row->mode) & kAnyExecuteBit) != 0);
}

Value is_open_creating(const FieldContext& context, const BoundField&) {
  const OpenRow* row = open_row(context.event.type());
  if (row == nullptr) {
    return Value::boolean(false);
  }
  const std::uint32_t flags = number_at(context.event, row->flags);
  return Value::boolean((flags & kOpenCreated) != 0 ||
                        ((flags & kOpenTmpfile) != 0 && context.event.get_signed(0, -1) >= 0));
}

// Parameters of calls that take a directory fd and a path, once or twice.
struct AtRow {
  EventType type;
  std::array<std::int8_t, 2> directory;
  std::array<std::int8_t, 2> path;
};

constexpr AtRow kAts[] = {
    {kSyscallOpenatV2X, {1, 1}, {2, 2}},  {kSyscallOpenat2X, {1, 1}, {2, 2}},
    {kSyscallMkdiratX, {1, 1}, {2, 2}},   {kSyscallUnlinkatV2X, {1, 1}, {2, 2}},
    {kSyscallRenameatX, {1, 3}, {2, 4}},  {kSyscallRenameat2X, {1, 3}, {2, 4}},
    {kSyscallSymlinkatX, {2, 2}, {3, 3}}, {kSyscallLinkatV2X, {1, 3}, {2, 4}},
    {kSyscallFchmodatX, {1, 1}, {2, 2}},  {kSyscallFchownatX, {1, 1}, {2, 2}},
};

const AtRow* at_row(EventType type) {
  const auto* found = std::find_if(std::begin(kAts), std::end(kAts),
                                   [&](const AtRow& row) { return row.type == type; });
  return found == std::end(kAts) ? nullptr : found;
}

bool takes_directory(EventType type) {
  return at_row(type) != nullptr;
}

// `field.index` 0: the first path, 1: the second.
Value absolute_path(const FieldContext& context, const BoundField& field) {
  const AtRow* row = at_row(context.event.type());
  const Thread* thread = context.applied.thread;
  if (row == nullptr || thread == nullptr) {
    return {};
  }
  const auto which = static_cast<std::size_t>(field.index);
  const std::string_view path = context.event.text(static_cast<std::size_t>(row->path[which]));
  const std::int64_t fd =
      context.event.get_signed(static_cast<std::size_t>(row->directory[which]), -1);
  const std::string_view directory =
      path.starts_with('/') ? std::string_view{} : directory_of(context, *thread, fd, "<UNKNOWN>/");
  return Value::text(join_path(context.arena, directory, path));
}

Status bind_which_path(BoundField& field, std::string_view argument, bool is_dot) {
  if (!is_dot || (argument != "src" && argument != "dst")) {
    return fail(ErrorCode::kNotFound, "");
  }
  field.index = argument == "dst" ? 1 : 0;
  return {};
}

// clang-format off
constexpr auto kEventOpen = in_class("evt", {
    {.name = "evt.abspath", .type = kCharbuf, .argument = ArgumentRule::kOptional,
     .flags = field_flag::kKeyArgument | field_flag::kDotArgument,
     .meaning = "Absolute path of a call that takes a directory fd and a path, such as openat or renameat. evt.abspath.src is the first path, evt.abspath.dst the second.",
     .extract = &absolute_path, .bind_argument = &bind_which_path, .reads_event = &takes_directory},
    {.name = "evt.is_open_read", .type = kBool,
     .meaning = "Whether the event opens a file for reading, successfully or not.", .extract = &is_open_for<kOpenRead>, .reads_event = &is_open},
    {.name = "evt.is_open_write", .type = kBool,
     .meaning = "Whether the event opens a file for writing, successfully or not.", .extract = &is_open_for<kOpenWrite>, .reads_event = &is_open},
    {.name = "evt.is_open_exec", .type = kBool,
     .meaning = "Whether the event may create a file with an execute permission.", .extract = &is_open_executable, .reads_event = &is_open},
    {.name = "evt.is_open_create", .type = kBool,
     .meaning = "Whether the event created a file by opening it.", .extract = &is_open_creating, .reads_event = &is_open},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::event_open() {
  return kEventOpen;
}

}  // namespace saker
