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
  char letter;    // fd.typechar; 0: from the address family
};

constexpr CreatorRow kCreators[] = {
    {kSyscallOpenX, 1, -1, 'f'},           {kSyscallCreatX, 1, -1, 'f'},
    {kSyscallOpenatV2X, 2, 1, 'f'},        {kSyscallOpenat2X, 2, 1, 'f'},
    {kSyscallOpenByHandleAtX, 3, -1, 'f'}, {kSocketAcceptV5X, 1, -1, 0},
    {kSocketAccept4V6X, 1, -1, 0},         {kSocketConnectX, 1, -1, 0},
};

const CreatorRow* creator_row(EventType type) {
  const auto* found = std::find_if(std::begin(kCreators), std::end(kCreators),
                                   [&](const CreatorRow& row) { return row.type == type; });
  return found == std::end(kCreators) ? nullptr : found;
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
  const CreatorRow* row = creator_row(context.event.type());
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
  const CreatorRow* row = creator_row(context.event.type());
  if (row == nullptr) {
    return 'o';
  }
  if (row->letter != 0) {
    return row->letter;
  }
  // Families in tuples. Source: Linux include/linux/socket.h.
  const Bytes tuple = context.event.param(static_cast<std::size_t>(row->name));
  switch (tuple.empty() ? 0 : static_cast<int>(tuple[0])) {
    case 1:
      return 'u';
    case 2:
      return '4';
    case 10:
      return '6';
    default:
      return 'o';
  }
}

}  // namespace saker
