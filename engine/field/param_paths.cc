// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/param_paths.h"

namespace saker {

std::string_view directory_of(const FieldContext& context, const Thread& thread, std::int64_t fd,
                              std::string_view when_unknown) {
  if (fd == kAtFdcwd) {
    return context.state.cwd(thread);
  }
  const FdTable* fds = context.state.fds(thread);
  const FdInfo* info = fds == nullptr ? nullptr : fds->find(fd);
  if (info == nullptr) {
    return when_unknown;
  }
  if (info->name.ends_with('/')) {
    return info->name;
  }
  ArenaText directory(context.arena, info->name.size() + 1);
  directory.append(info->name);
  directory.append('/');
  return directory.view();
}

void append_absolute_path(ArenaText& out, const FieldContext& context, std::size_t i) {
  const Thread* thread = context.applied.thread;
  const std::string_view path = context.event.text(i);
  if (thread == nullptr || path.empty() || path.front() == '/' || path == "<NA>") {
    return;
  }
  const ParamInfo& info = context.event.info().params[i];
  const std::int64_t fd =
      info.type == ParamType::kFsrelpath && info.dirfd_param >= 0
          ? context.event.get_signed(static_cast<std::size_t>(info.dirfd_param), kAtFdcwd)
          : kAtFdcwd;
  out.append(join_path(context.arena, directory_of(context, *thread, fd, ""), path));
}

std::string_view join_path(Arena& arena, std::string_view directory, std::string_view path) {
  char buffer[kMaxPathBytes];
  return arena.copy({buffer, join_path(directory, path, buffer)});
}

}  // namespace saker
