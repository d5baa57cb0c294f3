// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What the event handlers work on: all tables, and the event at hand with its thread and fd. Inside
// engine/state only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/state/fd_store.h"
#include "engine/state/image_store.h"
#include "engine/state/state.h"
#include "engine/state/thread_table.h"

namespace saker {

// The event at hand, as far as it is known; becomes Applied.
struct Current {
  Thread* thread = nullptr;
  FdInfo* fd = nullptr;  // record that the event works on
  std::int64_t fd_number = -1;
  bool is_fd_name_changed = false;
  std::uint64_t previous_event_ts_ns = 0;  // of the thread; 0: this is its first event
};

// What happens after the rules have seen the event.
struct Pending {
  std::int64_t exited_tid = -1;
  bool has_exit = false;
  std::int64_t closing_tid = -1;
  std::int64_t closing_fd = -1;
  bool has_close = false;
};

struct StateCore {
  StateCore(const StateLimits& limits_in, Counters& counters_in, FactSource* facts_in);

  // Finds the thread, or asks for its facts, or makes an invalid row. Null when the table is full.
  [[nodiscard]] Thread* obtain(std::int64_t tid);
  // Finds the thread or asks for its facts. Null when there are none.
  [[nodiscard]] Thread* find_or_ask(std::int64_t tid);

  // The fd table that the thread uses; null when that is its unknown main thread's. Borrowed until
  // the thread or its files change.
  [[nodiscard]] Ref<FdTable>* fd_table(Thread& thread);
  [[nodiscard]] const FdTable* fd_table(const Thread& thread) const;
  [[nodiscard]] FdInfo* find_fd(Thread& thread, std::int64_t fd);

  // Puts a record into the current thread's table and makes it the event's fd. An fd with a name
  // counts as renamed. Without room the record is the event's only. Null when there is no table.
  FdInfo* add_fd(std::int64_t fd, Ref<FdInfo> info);
  // As add_fd(), for a copy of a known record: it does not count as renamed.
  FdInfo* add_fd_copy(std::int64_t fd, Ref<FdInfo> copy);
  // The event's fd record, which must be there, to be changed.
  [[nodiscard]] FdInfo& edit_fd();
  // Gives the event's fd, got from edit_fd(), the name in `text`.
  void rename_fd();

  // "./" when nothing is known of the thread's process.
  [[nodiscard]] static std::string_view cwd(const Thread& thread);
  void change_cwd(const Thread& thread, std::string_view path);
  // The cwd is not known until something tells the whole of it.
  void forget_cwd(const Thread& thread);
  // To what `path` holds, with its trailing slash.
  void set_cwd(Folders& folders);
  [[nodiscard]] Ref<Folders> copy_folders(const Folders& folders);
  // As detach_files().
  void detach_folders(Thread& thread);

  // Gives a row its own files if it should have some: every thread that does not share them.
  void give_files(Thread& thread);
  // From now on the thread's files are its own: what others do does not change them.
  void detach_files(Thread& thread);
  // Links a new or completed row to its process and parent.
  void link(Thread& thread);
  void link(Thread& thread, Thread* parent);
  // Removes a row; `thread` dangles afterwards.
  void remove(Thread& thread);
  // Removes the row of a tid that was given to another thread, see ThreadTable::remove_stale();
  // pointers to threads dangle afterwards.
  void remove_stale(Thread& thread);
  // Removes, when it is time again, rows of which only the tid is known and rows of threads that
  // ended unnoticed. Only with a FactSource: in replay nothing is known beyond the events.
  void purge_if_due(std::uint64_t now_ns) {
    if (facts != nullptr && now_ns >= next_purge_ts_ns) [[unlikely]] {
      purge(now_ns);
    }
  }
  void purge(std::uint64_t now_ns);
  // Fills a row from a snapshot; does not link it.
  void assign(const ThreadSnapshot& snapshot, Thread& thread);
  void assign_folders(const ThreadSnapshot& snapshot, Thread& thread);
  void assign_fds(const FdListSnapshot& list);
  // When the machine started; 0 in replay, where Falco does not know it either.
  [[nodiscard]] std::uint64_t boot_ts_ns() const {
    return facts == nullptr ? 0 : machine.boot_ts_ns;
  }
  // Fills the empty tables from what was true at the beginning.
  void load(const Snapshot& snapshot);
  // Gives a thread what it lacks and has in common with its process.
  static void share_process(const Thread& main, Thread& thread);
  // Whether the thread's files are told of it, not of another thread of its process.
  [[nodiscard]] static bool lists_files(const Thread& thread) {
    return thread.files && !thread.shares_files();
  }
  // Decides who is the server of the connections that the snapshot holds: who has a socket bound to
  // the connection's own port.
  void guess_roles();

  StateLimits limits;
  Counters& counters;
  FactSource* facts;
  MachineSnapshot machine;
  Users users;
  Interfaces interfaces;
  FdStore fds;
  ImageStore images;
  Pool<Folders> folders_pool;
  ThreadTable threads;
  Current current;
  Pending pending;
  std::uint64_t next_purge_ts_ns = 0;    // 0: no event yet
  std::string text;                      // scratch of handlers
  std::string path;                      // scratch of handlers
  std::vector<std::int64_t> fd_numbers;  // scratch of handlers
  EventView enter;
  bool has_enter = false;
};

}  // namespace saker
