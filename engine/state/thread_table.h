// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The rows of all threads, with the links between them: thread groups, and parents with their
// children. Rows never move; removed rows are reused with the next generation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "engine/base/counters.h"
#include "engine/state/id_map.h"
#include "engine/state/thread.h"

namespace saker {

class ThreadTable {
public:
  ThreadTable(std::size_t max_threads, std::size_t max_ancestors, Counters& counters);

  // Null when unknown.
  [[nodiscard]] Thread* find(std::int64_t tid);
  [[nodiscard]] const Thread* find(std::int64_t tid) const;
  [[nodiscard]] const Thread* get(ThreadHandle handle) const;
  [[nodiscard]] std::size_t size() const { return by_tid_.size(); }

  // A new row with only its tid set; `tid` must not be in the table. Null, and counted, when the
  // table is full.
  [[nodiscard]] Thread* add(std::int64_t tid);

  // Puts a new row into its process' group and under its parent, once pid, vpid and ptid are set.
  // A missing or invalid `parent` (null) makes ptid 0, unless the thread is init. Invalid rows stay
  // alone.
  void link(Thread& thread, Thread* parent);

  // Takes a thread out of its group's count. The row stays until remove().
  void mark_dead(Thread& thread);
  // Undoes mark_dead(): an exec of another thread took the dead main thread's tid.
  void revive(Thread& thread);

  // Removes a row. Its children go to `reaper`, or without one to whom the kernel would choose. The
  // main thread's row stays, dead, as long as its process has live threads, and goes with the last.
  void remove(Thread& thread, Thread* reaper);

  // Removes the row of a tid that the kernel has given to somebody else: its thread is gone, and so
  // is its whole process if it is the main one. Rows of other threads of its process may go, too.
  void remove_stale(Thread& thread);

  void clear();

  // Gives new facts_versions to the row, to its process' threads if it is the main one, and to all
  // below them. When these are many, the epoch changes instead: the work per event stays bounded.
  void touch(Thread& thread);
  // Gives new facts_versions to all rows.
  void touch_all() { ++facts_epoch_; }
  // Changes when all facts_versions are void.
  [[nodiscard]] std::uint64_t facts_epoch() const { return facts_epoch_; }

  [[nodiscard]] const Thread* main_of(const Thread& thread) const;
  [[nodiscard]] Thread* main_of(Thread& thread);

  // Calls `visit(thread)` for each row of the group, main thread first. `visit` may remove it.
  template <typename Visitor>
  void for_each_in_group(const ThreadGroup& group, Visitor&& visit) {
    for (std::uint32_t i = group.first; i != ThreadGroup::kNone;) {
      Thread& thread = rows_[i];
      i = thread.links.next_in_group;
      visit(thread);
    }
  }

  // Calls `visit(thread)` for each row. `visit` must not add or remove rows.
  template <typename Visitor>
  void for_each(Visitor&& visit) {
    for (Thread& thread : rows_) {
      if (thread.handle.index != ThreadGroup::kNone) {
        visit(thread);
      }
    }
  }

  template <typename Visitor>
  void for_each(Visitor&& visit) const {
    for (const Thread& thread : rows_) {
      if (thread.handle.index != ThreadGroup::kNone) {
        visit(thread);
      }
    }
  }

private:
  void join_group(Thread& thread);
  void leave_group(Thread& thread);
  void add_child(Thread& parent, Thread& child);
  void leave_parent(Thread& child);
  void hand_over_children(Thread& thread, Thread* reaper);
  [[nodiscard]] Thread* find_reaper(const Thread& thread);
  [[nodiscard]] Thread* find_live_in_group(const ThreadGroup& group, const Thread* except);
  void free_row(Thread& thread);
  // As touch(), for at most `budget` rows, which it lowers.
  void touch(Thread& thread, std::size_t& budget);

  std::size_t max_threads_;
  std::size_t max_ancestors_;
  Counters& counters_;
  Pool<ThreadGroup> group_pool_;
  Ref<ThreadGroup> no_group_;  // of invalid threads
  std::deque<Thread> rows_;
  std::vector<std::uint32_t> generations_;  // of each row; kept while the row is free
  std::vector<std::uint32_t> free_rows_;
  IdMap<std::uint32_t> by_tid_;
  IdMap<ThreadGroup*> groups_by_pid_;
  std::uint64_t last_facts_version_ = 0;
  std::uint64_t facts_epoch_ = 0;
  std::vector<std::uint32_t> to_touch_;  // rows, scratch
};

}  // namespace saker
