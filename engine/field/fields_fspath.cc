// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Paths that calls work on: fs.path.name, fs.path.source, fs.path.target and their raw forms, for
// successful calls only. Source: falco-compat-fields.md 7.3, fs.path.
#include <algorithm>
#include <iterator>

#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/param_paths.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum EventType;

// What makes a relative path absolute.
enum class Base : std::uint8_t {
  kCwd,
  kDirectoryFd,       // name of the directory fd if it is a directory, else "<UNKNOWN>"
  kDirectoryFdOrCwd,  // the same, but AT_FDCWD means the cwd
  kRecord,            // none: the name of the event's fd record instead, else "<UNKNOWN>"
  kNothing,           // "<UNKNOWN>"
};

struct PathRow {
  EventType type;
  std::int8_t path;  // position; -1: no parameter, the name of the event's fd
  Base base = Base::kCwd;
  std::int8_t directory = -1;  // position of the directory fd
};

constexpr PathRow kNames[] = {
    {kSyscallMkdirV2X, 1},
    {kSyscallMkdiratX, 2, Base::kDirectoryFd, 1},
    {kSyscallRmdirV2X, 1},
    {kSyscallUnlinkV2X, 1},
    {kSyscallUnlinkatV2X, 2, Base::kDirectoryFd, 1},
    {kSyscallOpenX, 1},
    {kSyscallOpenatV2X, 2, Base::kRecord},
    {kSyscallOpenat2X, 2, Base::kRecord},
    {kSyscallChmodX, 1},
    {kSyscallFchmodatX, 2, Base::kDirectoryFd, 1},
    {kSyscallFchmodX, -1},
    {kSyscallFchownX, -1},
    {kSyscallChownX, 1},
    {kSyscallLchownX, 1},
    {kSyscallFchownatX, 2, Base::kDirectoryFd, 1},
    {kSyscallQuotactlX, 1},
    {kSyscallUmountV1X, 1},
    {kSyscallUmount2X, 1},
};

constexpr PathRow kSources[] = {
    {kSyscallRenameX, 1},
    {kSyscallRenameatX, 2},
    {kSyscallRenameat2X, 2, Base::kDirectoryFdOrCwd, 1},
    {kSyscallSymlinkX, 2},
    {kSyscallSymlinkatX, 3, Base::kDirectoryFd, 2},
    {kSyscallLinkV2X, 2},
    {kSyscallLinkatV2X, 4},
    {kSyscallMountX, 1},
};

constexpr PathRow kTargets[] = {
    {kSyscallRenameX, 2},
    {kSyscallRenameatX, 4},
    {kSyscallRenameat2X, 4, Base::kDirectoryFdOrCwd, 3},
    {kSyscallSymlinkX, 1},
    {kSyscallSymlinkatX, 1, Base::kNothing},
    {kSyscallLinkV2X, 1},
    {kSyscallLinkatV2X, 2},
    {kSyscallMountX, 2},
};

using Table = std::span<const PathRow>;
constexpr Table kTables[] = {kNames, kSources, kTargets};
enum class Which : std::uint8_t { kName, kSource, kTarget };

const PathRow* row_of(Which which, EventType type) {
  const Table table = kTables[static_cast<std::size_t>(which)];
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const PathRow& row) { return row.type == type; });
  return found == table.end() ? nullptr : &*found;
}

template <Which W>
bool has_path(EventType type) {
  return row_of(W, type) != nullptr;
}

// Compat: of opens, only the result -1 (EPERM) counts as a failure.
bool has_succeeded(const EventView& event) {
  const std::int64_t result = event.get_signed(0, -1);
  const bool is_open = event.type() == kSyscallOpenX || event.type() == kSyscallOpenatV2X ||
                       event.type() == kSyscallOpenat2X;
  return is_open ? result != -1 : result == 0;
}

std::string_view directory_name(const FieldContext& context, const Thread& thread,
                                const PathRow& row) {
  const std::int64_t fd =
      context.event.get_signed(static_cast<std::size_t>(row.directory), kAtFdcwd);
  if (fd == kAtFdcwd && row.base == Base::kDirectoryFdOrCwd) {
    return context.state.cwd(thread);
  }
  const FdTable* fds = context.state.fds(thread);
  const FdInfo* info = fds == nullptr ? nullptr : fds->find(fd);
  return info != nullptr && info->type == FdType::kDirectory
             ? directory_of(context, thread, fd, kUnknownDirectory)
             : kUnknownDirectory;
}

Value absolute(const FieldContext& context, const Thread& thread, const PathRow& row,
               std::string_view path) {
  if (path.starts_with('/')) {
    return Value::text(join_path(context.arena, "", path));
  }
  switch (row.base) {
    case Base::kRecord: {
      const FdInfo* fd = context.applied.fd;
      return Value::text(fd == nullptr ? kUnknownDirectory : std::string_view(fd->name));
    }
    case Base::kCwd:
      return Value::text(join_path(context.arena, context.state.cwd(thread), path));
    case Base::kNothing:
      return Value::text(join_path(context.arena, kUnknownDirectory, path));
    case Base::kDirectoryFd:
    case Base::kDirectoryFdOrCwd:
      break;
  }
  return Value::text(join_path(context.arena, directory_name(context, thread, row), path));
}

template <Which W, bool IsRaw>
Value path(const FieldContext& context, const Thread& thread) {
  const PathRow* row = row_of(W, context.event.type());
  if (row == nullptr || !has_succeeded(context.event)) {
    return {};
  }
  if (row->path < 0) {
    const FdInfo* fd = context.applied.fd;
    return fd == nullptr ? Value{} : Value::text(fd->name);
  }
  const std::string_view text = context.event.text(static_cast<std::size_t>(row->path));
  return IsRaw ? Value::text(text) : absolute(context, thread, *row, text);
}

// clang-format off
constexpr auto kFsPath = in_class("fs.path", {
    {.name = "fs.path.name", .type = kCharbuf,
     .meaning = "Absolute path that a successful call works on: mkdir, rmdir, unlink, open, chmod, chown, umount and their variants.",
     .extract = &with_thread<&path<Which::kName, false>>, .reads_event = &has_path<Which::kName>},
    {.name = "fs.path.nameraw", .type = kCharbuf,
     .meaning = "fs.path.name as the program gave it.", .extract = &with_thread<&path<Which::kName, true>>, .reads_event = &has_path<Which::kName>},
    {.name = "fs.path.source", .type = kCharbuf,
     .meaning = "Absolute first path of a successful call that takes two: rename, symlink (the link), link (the new name), mount (the device).",
     .extract = &with_thread<&path<Which::kSource, false>>, .reads_event = &has_path<Which::kSource>},
    {.name = "fs.path.sourceraw", .type = kCharbuf,
     .meaning = "fs.path.source as the program gave it.", .extract = &with_thread<&path<Which::kSource, true>>, .reads_event = &has_path<Which::kSource>},
    {.name = "fs.path.target", .type = kCharbuf,
     .meaning = "Absolute second path of a successful call that takes two: rename (the new name), symlink (what it points to), link (the old name), mount (the directory).",
     .extract = &with_thread<&path<Which::kTarget, false>>, .reads_event = &has_path<Which::kTarget>},
    {.name = "fs.path.targetraw", .type = kCharbuf,
     .meaning = "fs.path.target as the program gave it.", .extract = &with_thread<&path<Which::kTarget, true>>, .reads_event = &has_path<Which::kTarget>},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::fs_path() {
  return kFsPath;
}

}  // namespace saker
