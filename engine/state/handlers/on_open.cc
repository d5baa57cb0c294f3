// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/state/handlers/handlers.h"
#include "engine/state/path.h"

namespace saker {

namespace {

// Layer bits of creat. Source: flags.json, creat_flags.
constexpr std::uint32_t kCreatUpperLayer = 1U << 0;
constexpr std::uint32_t kCreatLowerLayer = 1U << 1;

constexpr int kAbsent = -1;

// Positions of parameters; kAbsent: the event has none.
struct Layout {
  EventType type;
  int name;
  int flags;
  int dirfd;
  int device;
  int inode;
  int enter_name;
  int enter_flags;
  int enter_dirfd;
};

using enum EventType;

constexpr Layout kLayouts[] = {
    {kSyscallOpenX, 1, 2, kAbsent, 4, 5, 0, 1, kAbsent},
    {kSyscallCreatX, 1, kAbsent, kAbsent, 3, 4, 0, kAbsent, kAbsent},
    {kSyscallOpenatV2X, 2, 3, 1, 5, 6, 1, 2, 0},
    {kSyscallOpenat2X, 2, 3, 1, 6, 7, 1, 2, 0},
    {kSyscallOpenByHandleAtX, 3, 2, kAbsent, 4, 5, kAbsent, kAbsent, kAbsent},
};

[[nodiscard]] const Layout& layout_of(EventType type) {
  return *std::ranges::find(kLayouts, type, &Layout::type);
}

[[nodiscard]] std::size_t at(int position) {
  return static_cast<std::size_t>(position);
}

struct OpenCall {
  std::string_view name;
  std::uint32_t flags = 0;
  std::int64_t dirfd = kAtFdcwd;
};

[[nodiscard]] OpenCall read_call(const Layout& layout, const EventView& event) {
  constexpr std::size_t kCreatFlags = 5;
  OpenCall call;
  call.name = event.text(at(layout.name));
  if (layout.flags != kAbsent) {
    call.flags = event.get<std::uint32_t>(at(layout.flags));
  } else {
    const auto layer = event.get<std::uint16_t>(kCreatFlags);
    call.flags |= (layer & kCreatUpperLayer) != 0 ? open_flag::kUpperLayer : 0;
    call.flags |= (layer & kCreatLowerLayer) != 0 ? open_flag::kLowerLayer : 0;
  }
  if (layout.dirfd != kAbsent) {
    call.dirfd = event.get_signed(at(layout.dirfd), kAtFdcwd);
  }
  return call;
}

// The program may have changed its arguments while the kernel worked: what the enter event saw is
// what counts.
void prefer_enter(const Layout& layout, const EventView& enter, OpenCall& call) {
  const std::string_view name = enter.text(at(layout.enter_name));
  if (name == "<NA>") {
    return;
  }
  call.name = name;
  if (layout.enter_flags != kAbsent) {
    const std::uint32_t found_out = call.flags & ~(open_flag::kCreated - 1);
    call.flags = enter.get<std::uint32_t>(at(layout.enter_flags)) | found_out;
  }
  if (layout.enter_dirfd != kAbsent) {
    call.dirfd = enter.get_signed(at(layout.enter_dirfd), kAtFdcwd);
  }
}

// The directory that the path is relative to; may use core.text.
[[nodiscard]] std::string_view directory_of(StateCore& core, const Layout& layout,
                                            const OpenCall& call) {
  if (layout.type == kSyscallOpenByHandleAtX) {
    return "/";
  }
  if (is_absolute(call.name)) {
    return {};
  }
  if (call.dirfd == kAtFdcwd) {
    return core.cwd(*core.current.thread);
  }
  const FdInfo* directory = core.find_fd(*core.current.thread, call.dirfd);
  if (directory == nullptr) {
    return kUnknownDirectory;
  }
  core.text = directory->name;
  if (!core.text.ends_with('/')) {
    core.text.push_back('/');
  }
  return core.text;
}

}  // namespace

void on_open(StateCore& core, const EventView& event) {
  const std::int64_t fd = event.get_signed(0, -1);
  if (fd < 0) {
    return;
  }
  const Layout& layout = layout_of(event.type());
  OpenCall call = read_call(layout, event);
  if (core.has_enter) {
    prefer_enter(layout, core.enter, call);
  }
  const bool is_directory = (call.flags & open_flag::kDirectory) != 0;
  Ref<FdInfo> info = core.fds.make(is_directory ? FdType::kDirectory : FdType::kFile);
  info->open_flags = call.flags;
  info->device = event.get<std::uint32_t>(at(layout.device));
  info->inode = event.get<std::uint64_t>(at(layout.inode));
  info->is_upper_layer = (call.flags & open_flag::kUpperLayer) != 0;
  info->is_lower_layer = (call.flags & open_flag::kLowerLayer) != 0;
  remove_repeated_slashes(call.name, info->name_raw);
  join_path(directory_of(core, layout, call), call.name, info->name);
  core.add_fd(fd, std::move(info));
}

}  // namespace saker
