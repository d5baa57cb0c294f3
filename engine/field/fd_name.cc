// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/fd_name.h"

#include <algorithm>
#include <iterator>

#include "engine/field/extract_support.h"
#include "engine/field/param_paths.h"
#include "engine/field/param_text.h"

namespace saker {

namespace {

using namespace field_support;
using enum EventType;

// Where events that make an fd keep what it would be called.
struct CreatorRow {
  EventType type;
  std::int8_t name;  // position of path, tuple or address
  std::int8_t
      directory;  // position of the directory fd of a path; -1: as the text of the parameter
};

constexpr CreatorRow kCreators[] = {
    {kSyscallOpenX, 1, -1},     {kSyscallCreatX, 1, -1},          {kSyscallOpenatV2X, 2, 1},
    {kSyscallOpenat2X, 2, 1},   {kSyscallOpenByHandleAtX, 3, -1}, {kSocketAcceptV5X, 1, -1},
    {kSocketAccept4V6X, 1, -1}, {kSocketConnectX, 1, -1},
};

// fd.typechar of calls that failed to make an fd. The reference knows only these.
struct LetterRow {
  EventType type;
  char letter;
};

constexpr LetterRow kLetters[] = {
    {kSyscallCreatX, 'f'},         {kSyscallOpenatV2X, 'f'},    {kSyscallOpenat2X, 'f'},
    {kSocketAcceptV5X, '4'},       {kSocketAccept4V6X, '4'},    {kSocketSocketX, '4'},
    {kSyscallPipeX, 'p'},          {kSyscallPipe2X, 'p'},       {kSyscallEventfdX, 'e'},
    {kSyscallEventfd2X, 'e'},      {kSyscallSignalfdX, 's'},    {kSyscallSignalfd4X, 's'},
    {kSyscallTimerfdCreateX, 't'}, {kSyscallInotifyInitX, 'i'}, {kSyscallInotifyInit1X, 'i'},
};

template <typename Row, std::size_t N>
const Row* find_row(const Row (&rows)[N], EventType type) {
  const auto* found = std::find_if(std::begin(rows), std::end(rows),
                                   [&](const Row& row) { return row.type == type; });
  return found == std::end(rows) ? nullptr : found;
}

Value directory_part(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) {
    return Value::text("/");
  }
  return Value::text(slash + 1 == path.size() ? path : path.substr(0, slash));
}

}  // namespace

Value name_from_event(const FieldContext& context, PathForm form) {
  const CreatorRow* row = find_row(kCreators, context.event.type());
  if (row == nullptr) {
    return Value::text("");
  }
  const auto i = static_cast<std::size_t>(row->name);
  if (row->directory < 0) {
    ArenaText out(context.arena);
    append_resolved_param(out, context, i);
    if (out.empty()) {
      append_raw_param(out, context, i);
    }
    return out.value();
  }
  if (context.event.is_missing(i)) {
    return {};
  }
  const std::string_view path = context.event.text(i);
  if (form == PathForm::kRaw) {
    return Value::text(path);
  }
  const std::int64_t fd =
      context.event.get_signed(static_cast<std::size_t>(row->directory), kAtFdcwd);
  const std::string_view directory =
      path.starts_with('/') ? std::string_view{}
                            : directory_of(context, *context.applied.thread, fd, kUnknownDirectory);
  return Value::text(join_path(context.arena, directory, path));
}

Value fd_name(const FieldContext& context) {
  const FdInfo* fd = context.applied.fd;
  return fd != nullptr ? to_value(fd->name) : name_from_event(context, PathForm::kAbsolute);
}

Value fd_directory(const FieldContext& context) {
  const FdInfo* fd = context.applied.fd;
  if (fd == nullptr) {
    const Value name = name_from_event(context, PathForm::kAbsolute);
    return name.has_value() ? directory_part(name.as_text()) : Value{};
  }
  if (fd->type == FdType::kDirectory) {
    return Value::text(fd->name);
  }
  return fd->type == FdType::kFile ? directory_part(fd->name) : Value{};
}

char letter_from_event(const FieldContext& context) {
  const LetterRow* row = find_row(kLetters, context.event.type());
  return row == nullptr ? 'o' : row->letter;
}

}  // namespace saker
