// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// How each event type changes the state: one function per event family, found in a table indexed by
// event type. A handler trusts nothing of the event but that its parameters lie inside it.
#pragma once

#include <cstdint>

#include "engine/event/event_view.h"
#include "engine/state/state_core.h"

namespace saker {

// What must be known for a handler to be called at all.
enum class Needs : std::uint8_t {
  kNothing,
  kThread,  // StateCore::current.thread
  kFd,      // and StateCore::current.fd
};

using Handler = void (*)(StateCore& core, const EventView& event);

struct HandlerRow {
  Needs needs = Needs::kNothing;
  bool uses_enter = false;    // StateCore::enter is set if the enter event was stored
  bool stores_enter = false;  // an enter event: stored for its exit event
  // The handler may change what the thread's fields up to FieldScope::kLineage read, of its row or
  // of its main thread's. (Rows that come, go or get other parents are seen by ThreadTable.)
  bool changes_facts = false;
  Handler handle = nullptr;  // null: the event changes nothing
};

// `type` must be below kEventTypeCount.
[[nodiscard]] const HandlerRow& handler_of(EventType type);

// on_clone.cc: clone, clone3, fork, vfork, seen from the parent or the child.
void on_clone(StateCore& core, const EventView& event);
// on_exec.cc: execve, execveat.
void on_exec(StateCore& core, const EventView& event);
// on_exit.cc
void on_procexit(StateCore& core, const EventView& event);
void on_prctl(StateCore& core, const EventView& event);
// on_open.cc: open, openat, openat2, creat, open_by_handle_at.
void on_open(StateCore& core, const EventView& event);
// on_fd.cc
void on_close(StateCore& core, const EventView& event);
void on_close_range(StateCore& core, const EventView& event);
void on_dup(StateCore& core, const EventView& event);
void on_fcntl(StateCore& core, const EventView& event);
// on_new_fd.cc: calls that make fds without addresses.
void on_pipe(StateCore& core, const EventView& event);
void on_typed_fd(StateCore& core, const EventView& event);
void on_memfd_create(StateCore& core, const EventView& event);
void on_pidfd_open(StateCore& core, const EventView& event);
void on_pidfd_getfd(StateCore& core, const EventView& event);
// on_socket.cc
void on_socket(StateCore& core, const EventView& event);
void on_socketpair(StateCore& core, const EventView& event);
void on_bind(StateCore& core, const EventView& event);
void on_connect(StateCore& core, const EventView& event);
void on_accept(StateCore& core, const EventView& event);
// on_transfer.cc: reads and writes, and sends and receives that tell addresses.
void on_transfer(StateCore& core, const EventView& event);
void on_receive(StateCore& core, const EventView& event);
void on_send(StateCore& core, const EventView& event);
// on_directory.cc
void on_chdir(StateCore& core, const EventView& event);
void on_fchdir(StateCore& core, const EventView& event);
void on_getcwd(StateCore& core, const EventView& event);
void on_chroot(StateCore& core, const EventView& event);
// on_credentials.cc
void on_setuid(StateCore& core, const EventView& event);
void on_setgid(StateCore& core, const EventView& event);
void on_set_effective_uid(StateCore& core, const EventView& event);
void on_set_effective_gid(StateCore& core, const EventView& event);
void on_setsid(StateCore& core, const EventView& event);
void on_capset(StateCore& core, const EventView& event);
void on_new_namespace(StateCore& core, const EventView& event);
// on_resources.cc: limits and memory.
void on_rlimit(StateCore& core, const EventView& event);
void on_prlimit(StateCore& core, const EventView& event);
void on_memory(StateCore& core, const EventView& event);
void on_switch(StateCore& core, const EventView& event);
// on_accounts.cc: users and groups that appear or go.
void on_user_added(StateCore& core, const EventView& event);
void on_user_deleted(StateCore& core, const EventView& event);
void on_group_added(StateCore& core, const EventView& event);
void on_group_deleted(StateCore& core, const EventView& event);

}  // namespace saker
