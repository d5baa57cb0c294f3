// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

// What unshare is told to make one's folders one's own by. Source: kernel/fork.c, ksys_unshare.
constexpr std::uint32_t kOwnFolders =
    thread_flag::kCloneFs | thread_flag::kCloneNewns | thread_flag::kCloneNewuser;
// CAP_CHOWN (0) to CAP_CHECKPOINT_RESTORE (40). Source: man 7 capabilities.
constexpr std::uint64_t kAllCapabilities = (1ULL << 41) - 1;

[[nodiscard]] bool succeeded(const EventView& event) {
  return event.get_signed(0, -1) >= 0;
}

// Sets an id from a parameter. To the kernel -1 means "leave as it is"; Falco stores it, and rules
// see it, until the next call that tells an id.
void set_id(const EventView& event, std::size_t param, std::uint32_t& id) {
  if (succeeded(event)) {
    id = event.get<std::uint32_t>(param, id);
  }
}

}  // namespace

void on_setuid(StateCore& core, const EventView& event) {
  set_id(event, 1, core.current.thread->uid);
}

void on_setgid(StateCore& core, const EventView& event) {
  set_id(event, 1, core.current.thread->gid);
}

void on_set_effective_uid(StateCore& core, const EventView& event) {
  set_id(event, 2, core.current.thread->uid);
}

void on_set_effective_gid(StateCore& core, const EventView& event) {
  set_id(event, 2, core.current.thread->gid);
}

void on_setsid(StateCore& core, const EventView& event) {
  const std::int64_t session = event.get_signed(0, -1);
  if (session >= 0) {
    core.current.thread->sid = session;
  }
}

void on_capset(StateCore& core, const EventView& event) {
  if (!succeeded(event)) {
    return;
  }
  Thread& thread = *core.current.thread;
  thread.cap_inheritable = event.get<std::uint64_t>(1);
  thread.cap_permitted = event.get<std::uint64_t>(2);
  thread.cap_effective = event.get<std::uint64_t>(3);
}

// Whoever makes or enters a user namespace has all capabilities in it.
void on_new_namespace(StateCore& core, const EventView& event) {
  if (!succeeded(event)) {
    return;
  }
  const bool is_unshare = event.type() == EventType::kSyscallUnshareX;
  const auto flags = event.get<std::uint32_t>(is_unshare ? 1 : 2);
  if (is_unshare && (flags & thread_flag::kCloneFiles) != 0) {
    core.detach_files(*core.current.thread);
  }
  if (is_unshare && (flags & kOwnFolders) != 0) {
    core.detach_folders(*core.current.thread);
  }
  if ((flags & thread_flag::kCloneNewuser) != 0) {
    core.current.thread->cap_inheritable = kAllCapabilities;
    core.current.thread->cap_permitted = kAllCapabilities;
    core.current.thread->cap_effective = kAllCapabilities;
  }
}

}  // namespace saker
