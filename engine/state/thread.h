// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One thread of the watched system. A process is a thread group: its main thread's row (tid == pid)
// heads the group. Files and folders are shared by whoever was made so, mostly by all its threads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/pool.h"
#include "engine/event/event_type.h"
#include "engine/event/snapshot.h"
#include "engine/state/exec_image.h"
#include "engine/state/fd_table.h"

namespace saker {

// Index of a row and the row's generation: a recycled tid or row is a different thread.
struct ThreadHandle {
  std::uint32_t index = 0xffffffff;
  std::uint32_t generation = 0;
  friend bool operator==(const ThreadHandle&, const ThreadHandle&) = default;
};

// cgroup memberships, shared by threads that have the same. `text` holds subsystem=path pieces,
// each followed by NUL.
struct Cgroups : Pooled<Cgroups> {
  std::uint64_t id = 0;  // never reused
  std::string text;
  std::string container_id;    // full id; empty: no container
  std::string container_type;  // docker, containerd, cri-o, podman, lxc …; empty: no container
  void reset();
};

// The folders that paths start from: as Files, of all that were made with CLONE_FS.
struct Folders : Pooled<Folders> {
  std::string cwd;  // with trailing slash
  std::string root;
  bool is_of_processes = false;  // more than one process had it: their cached facts change together
  void reset();
};

// Threads of one process that are in the table, main thread first. ThreadTable::for_each_in_group
// lists them.
struct ThreadGroup : Pooled<ThreadGroup> {
  static constexpr std::uint32_t kNone = 0xffffffff;

  std::int64_t pid = -1;
  std::uint32_t main = kNone;  // row of tid == pid; kNone when that thread is not known
  std::uint32_t first = kNone;
  std::uint32_t last = kNone;
  std::uint32_t live_count = 0;  // without dead threads
  bool is_reaper = false;        // PR_SET_CHILD_SUBREAPER, or the init of a pid namespace
  void reset();
};

// Rows that a thread's row is chained to. ThreadTable keeps them.
struct ThreadLinks {
  std::uint32_t parent = ThreadGroup::kNone;
  std::uint32_t first_child = ThreadGroup::kNone;
  std::uint32_t next_sibling = ThreadGroup::kNone;
  std::uint32_t previous_sibling = ThreadGroup::kNone;
  std::uint32_t next_in_group = ThreadGroup::kNone;
  std::uint32_t previous_in_group = ThreadGroup::kNone;
};

struct Thread {
  ThreadHandle handle;
  std::int64_t tid = -1;
  std::int64_t pid = -1;
  std::int64_t ptid = -1;
  std::int64_t vtid = -1;
  std::int64_t vpid = -1;
  std::int64_t sid = -1;
  std::int64_t vpgid = -1;
  std::int64_t pgid = -1;
  std::uint32_t uid = 0xffffffff;
  std::uint32_t gid = 0xffffffff;
  std::uint32_t loginuid = 0xffffffff;
  std::uint32_t tty = 0;
  std::uint32_t flags = 0;  // thread_flag
  std::uint32_t vmsize_kb = 0;
  std::uint32_t vmrss_kb = 0;
  std::uint32_t vmswap_kb = 0;
  std::uint64_t pfmajor = 0;
  std::uint64_t pfminor = 0;
  std::int64_t fdlimit = -1;
  std::uint64_t cap_inheritable = 0;
  std::uint64_t cap_permitted = 0;
  std::uint64_t cap_effective = 0;
  std::uint64_t clone_ts_ns = 0;  // 0: unknown, older than the events
  std::uint64_t exec_ts_ns = 0;   // of the last exec that was seen
  std::uint64_t pidns_init_start_ts_ns = 0;
  // From the start of its pid namespace to a later ctime of its executable, taken at its own exec;
  // 0: unknown.
  std::uint64_t pidns_start_to_exe_ctime_ns = 0;
  std::uint64_t last_event_ts_ns = 0;
  std::int64_t reaper_tid = -1;  // who gets its children, as procexit says; -1: not told
  // Changes, never back, whenever something that a field of FieldScope::kLineage or below reads of
  // this thread may have changed: its row, its main thread's, an ancestor's. Unique over all
  // threads, so caches may be keyed by it together with State::facts_epoch(). ThreadTable::touch.
  std::uint64_t facts_version = 0;
  EventType last_enter_type{};  // of the last event with an even number; 0: used
  bool is_invalid = false;      // only the tid is known: made for an event of an unknown thread
  bool is_dead = false;         // procexit was seen; removed by State::retire
  bool has_env = false;    // its record holds the environment; a new thread of a process has none
  Ref<ExecImage> image;    // never null for a row in use
  Ref<Cgroups> cgroups;    // may be null
  Ref<Files> files;        // null: that of a main thread that is not known
  Ref<Folders> folders;    // null: that of a main thread that is not known
  Ref<ThreadGroup> group;  // never null for a row in use; invalid threads have one without rows
  // Record of the last enter event that its exit event needs; empty: none.
  std::vector<std::byte> enter_event;
  ThreadLinks links;

  [[nodiscard]] bool is_main() const {
    return tid == pid || (flags & thread_flag::kIsMainThread) != 0;
  }
  // Whether its files are those of its process.
  [[nodiscard]] bool shares_files() const {
    return (flags & thread_flag::kCloneFiles) != 0 && !is_main();
  }
  [[nodiscard]] bool is_in_pid_namespace() const {
    return (flags & thread_flag::kChildInPidns) != 0 || tid != vtid;
  }
};

}  // namespace saker
