// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A new thread is announced twice: by the parent's event (result: the child's tid) and by the
// child's own (result 0), in either order. Whichever comes first makes the row. The parent's event
// knows nothing of ids inside a pid namespace, so there the row waits for the child's.
#include <algorithm>
#include <utility>

#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

enum Param : std::size_t {
  kResult = 0,
  kExe = 1,
  kArgs = 2,
  kPid = 4,
  kPtid = 5,
  kFdlimit = 7,
  kPfmajor = 8,
  kPfminor = 9,
  kVmsize = 10,
  kVmrss = 11,
  kVmswap = 12,
  kComm = 13,
  kCgroups = 14,
  kFlags = 15,
  kUid = 16,
  kGid = 17,
  kVtid = 18,
  kVpid = 19,
  kPidnsStart = 20,
};

// A row that the child's event finds and that is older than this belongs to a dead thread whose tid
// was used again, unless it still waits for its first event. Source: Falco's stale time for clone
// events, 2 s.
constexpr std::uint64_t kStaleRowNs = 2'000'000'000;

// Completes a row of which only the tid was known, from an event of its own or of its thread.
void complete(StateCore& core, Thread& thread, const EventView& event, std::int64_t pid,
              std::int64_t ptid, std::int64_t vtid) {
  thread.pid = pid;
  thread.ptid = ptid;
  thread.vtid = vtid;
  thread.vpid = event.get_signed(kVpid, -1);
  thread.image = core.images.derive({}, event.text(kComm), event.text(kExe),
                                    as_text(event.param(kArgs)), false);
  thread.cgroups = core.images.cgroups(as_text(event.param(kCgroups)), thread.cgroups);
  thread.fdlimit = event.get_signed(kFdlimit, -1);
  core.link(thread);
}

// What a child has from the thread it was made by (a process) or from its process (a thread).
void inherit(const Thread& from, Thread& child) {
  child.sid = from.sid;
  child.vpgid = from.vpgid;
  child.pgid = from.pgid;
  child.tty = from.tty;
  child.loginuid = from.loginuid;
  child.cap_inheritable = from.cap_inheritable;
  child.cap_permitted = from.cap_permitted;
  child.cap_effective = from.cap_effective;
}

// Flags that call a thread a process are not those that it was made with (see on_clone_child).
[[nodiscard]] bool has_wrong_flags(const Thread& child) {
  return child.pid != child.tid && (child.flags & thread_flag::kCloneThread) == 0;
}

// The fd table is the same or a copy. What a thread with wrong flags shares is its process', which
// it gets when it is linked.
void take_files(StateCore& core, const Thread& from, Thread& child) {
  const bool is_same = (child.flags & thread_flag::kCloneFiles) != 0;
  if (from.files && !(is_same && has_wrong_flags(child))) {
    child.files = is_same ? from.files : core.fds.copy_files(*from.files);
  }
}

// As the files.
void take_folders(StateCore& core, const Thread& from, Thread& child) {
  if (has_wrong_flags(child)) {
    return;
  }
  if (!from.folders) {
    if ((child.flags & thread_flag::kCloneThread) == 0) {
      child.folders = core.folders_pool.make();
      child.folders->cwd = core.cwd(from);
    }
    return;
  }
  if ((child.flags & thread_flag::kCloneFs) == 0) {
    child.folders = core.copy_folders(*from.folders);
    return;
  }
  child.folders = from.folders;
  if ((child.flags & thread_flag::kCloneThread) == 0) {
    child.folders->is_of_processes = true;
  }
}

void fill(StateCore& core, const EventView& event, const Thread* from, Thread& child) {
  const bool is_process = (child.flags & thread_flag::kCloneThread) == 0;
  if (is_process) {
    child.has_env = from != nullptr;
  } else {
    child.exec_ts_ns = from != nullptr ? from->exec_ts_ns : 0;
  }
  if (from != nullptr) {
    inherit(*from, child);
    take_files(core, *from, child);
    take_folders(core, *from, child);
  }
  child.image = core.images.derive(from != nullptr ? from->image : Ref<ExecImage>(),
                                   event.text(kComm), event.text(kExe), as_text(event.param(kArgs)),
                                   !is_process || (from != nullptr && from->has_env));
  child.cgroups = core.images.cgroups(as_text(event.param(kCgroups)),
                                      from != nullptr ? from->cgroups : Ref<Cgroups>());
  child.fdlimit = event.get_signed(kFdlimit, -1);
  child.pfmajor = event.get<std::uint64_t>(kPfmajor);
  child.pfminor = event.get<std::uint64_t>(kPfminor);
  child.vmsize_kb = event.get<std::uint32_t>(kVmsize);
  child.vmrss_kb = event.get<std::uint32_t>(kVmrss);
  child.vmswap_kb = event.get<std::uint32_t>(kVmswap);
  child.uid = event.get<std::uint32_t>(kUid, 0xffffffff);
  child.gid = event.get<std::uint32_t>(kGid, 0xffffffff);
  child.clone_ts_ns = event.ts_ns();
  if (!child.files) {
    core.give_files(child);
  }
  core.link(child);
}

// The event's thread, completed if only its tid was known; null when the table is full.
Thread* obtain_parent(StateCore& core, const EventView& event, bool& is_known) {
  Thread* parent = core.obtain(event.tid());
  core.current.thread = parent;
  is_known = parent != nullptr && !parent->is_invalid;
  if (parent != nullptr && !is_known) {
    complete(core, *parent, event, event.get_signed(kPid, -1), event.get_signed(kPtid, -1),
             event.get_signed(kVtid, -1));
  }
  return parent;
}

void on_clone_parent(StateCore& core, const EventView& event, std::int64_t child_tid) {
  bool is_parent_known = false;
  Thread* parent = obtain_parent(core, event, is_parent_known);
  if (parent == nullptr) {
    return;
  }
  const auto flags = event.get<std::uint32_t>(kFlags);
  constexpr std::uint32_t kToldByChildOnly = thread_flag::kChildInPidns |
                                             thread_flag::kCloneNewpid | thread_flag::kCloneParent |
                                             thread_flag::kCloneVfork;
  // A vfork's child runs first: it has told of itself, or is gone already.
  if ((flags & kToldByChildOnly) != 0 || event.type() == EventType::kSyscallVforkV20X ||
      parent->tid != parent->vtid) {
    return;
  }
  if (Thread* existing = core.threads.find(child_tid)) {
    if ((existing->flags & thread_flag::kInverted) != 0 || existing == parent) {
      return;
    }
    core.remove_stale(*existing);                          // its procexit was missed
    parent = obtain_parent(core, event, is_parent_known);  // may have gone with it
    if (parent == nullptr) {
      return;
    }
  }
  Thread* child = core.threads.add(child_tid);
  if (child == nullptr) {
    return;
  }
  child->flags = flags;
  const bool is_thread = (flags & thread_flag::kCloneThread) != 0;
  child->pid = is_thread ? parent->pid : child_tid;
  child->ptid = is_thread ? parent->ptid : parent->tid;
  child->vtid = child->tid;
  child->vpid = child->pid;
  child->pidns_init_start_ts_ns = core.boot_ts_ns();
  fill(core, event, is_parent_known ? parent : nullptr, *child);
}

// Whether the row is of the thread that the child's event tells of. The parent's event may have
// made it long ago: a child can be frozen before it returns for the first time, and has by then no
// longer what its parent has.
[[nodiscard]] bool is_row_of_child(const StateCore& core, const EventView& event,
                                   const Thread& row) {
  if (row.clone_ts_ns == 0) {
    return false;
  }
  const std::uint64_t now = std::max(event.ts_ns(), row.clone_ts_ns);
  const bool is_waiting =
      core.current.previous_event_ts_ns == 0 && (row.flags & thread_flag::kInverted) == 0 &&
      row.pid == event.get_signed(kPid, -1) && row.ptid == event.get_signed(kPtid, -1);
  return is_waiting || now - row.clone_ts_ns < kStaleRowNs;
}

void on_clone_child(StateCore& core, const EventView& event) {
  const std::int64_t child_tid = event.tid();
  if (Thread* existing = core.threads.find(child_tid)) {
    if (is_row_of_child(core, event, *existing)) {
      core.current.thread = existing;
      return;
    }
    core.remove_stale(*existing);
  }
  Thread* child = core.threads.add(child_tid);
  core.current.thread = child;
  if (child == nullptr) {
    return;
  }
  child->flags = event.get<std::uint32_t>(kFlags) | thread_flag::kInverted;
  child->pid = event.get_signed(kPid, -1);
  child->ptid = event.get_signed(kPtid, -1);
  child->vtid = event.get_signed(kVtid, -1);
  child->vpid = event.get_signed(kVpid, -1);
  child->pidns_init_start_ts_ns =
      core.boot_ts_ns() +
      (child->is_in_pid_namespace() ? event.get<std::uint64_t>(kPidnsStart) : 0);
  // A program can change the flags of its clone3 before they are read: such a thread of a process
  // then has, as in Falco, an fd table of its own, which is the parent's.
  const bool is_thread = (child->flags & thread_flag::kCloneThread) != 0;
  Thread* from = core.obtain(is_thread ? child->pid : child->ptid);
  if (from != nullptr && from->is_invalid) {
    if (is_thread && from != child) {
      complete(core, *from, event, child->pid, child->ptid, child->vpid);
    }
    from = nullptr;
  }
  fill(core, event, from == child ? nullptr : from, *child);
}

}  // namespace

void on_clone(StateCore& core, const EventView& event) {
  const std::int64_t result = event.get_signed(kResult, -1);
  if (result == 0) {
    on_clone_child(core, event);
  } else if (result > 0) {
    on_clone_parent(core, event, result);
  }
}

}  // namespace saker
