// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/thread_table.h"

#include <utility>

#include "engine/base/check.h"

namespace saker {

namespace {

constexpr std::uint32_t kNone = ThreadGroup::kNone;

// Buffers of usual size are kept for the row's next thread.
constexpr std::size_t kKeptEnterBytes = 512;

// Rows that one change may touch before it is cheaper to void all versions.
constexpr std::size_t kMaxTouched = 64;

// Makes the row as new, keeping its buffers' capacity.
void reset_row(Thread& row) {
  std::vector<std::byte> enter_event = std::move(row.enter_event);
  row = Thread{};
  enter_event.clear();
  if (enter_event.capacity() > kKeptEnterBytes) {
    enter_event.shrink_to_fit();
  }
  row.enter_event = std::move(enter_event);
}

}  // namespace

ThreadTable::ThreadTable(std::size_t max_threads, std::size_t max_ancestors, Counters& counters)
    : max_threads_(max_threads),
      max_ancestors_(max_ancestors),
      counters_(counters),
      no_group_(group_pool_.make()) {}

Thread* ThreadTable::find(std::int64_t tid) {
  const std::uint32_t* row = by_tid_.find(tid);
  return row == nullptr ? nullptr : &rows_[*row];
}

const Thread* ThreadTable::find(std::int64_t tid) const {
  const std::uint32_t* row = by_tid_.find(tid);
  return row == nullptr ? nullptr : &rows_[*row];
}

const Thread* ThreadTable::get(ThreadHandle handle) const {
  return handle.index < rows_.size() && rows_[handle.index].handle == handle ? &rows_[handle.index]
                                                                             : nullptr;
}

Thread* ThreadTable::add(std::int64_t tid) {
  if (rows_.size() - free_rows_.size() >= max_threads_ ||
      tid == IdMap<std::uint32_t>::kReservedKey) {
    counters_.add(Counter::kThreadsDroppedFull);
    return nullptr;
  }
  SAKER_DCHECK(by_tid_.find(tid) == nullptr);
  std::uint32_t index = 0;
  if (free_rows_.empty()) {
    index = static_cast<std::uint32_t>(rows_.size());
    rows_.emplace_back();
    if (free_rows_.capacity() < rows_.size()) {
      free_rows_.reserve(rows_.size() * 2);
    }
    generations_.push_back(0);
  } else {
    index = free_rows_.back();
    free_rows_.pop_back();
  }
  Thread& thread = rows_[index];
  thread.handle = {index, ++generations_[index]};
  thread.tid = tid;
  thread.group = no_group_;
  thread.facts_version = ++last_facts_version_;
  if (tid <= 0) {
    ++facts_epoch_;  // threads without a known parent have ptid 0 and so found one
  }
  by_tid_.put(tid, index);
  counters_.add(Counter::kThreadsAdded);
  return &thread;
}

void ThreadTable::link(Thread& thread, Thread* parent) {
  touch(thread);
  thread.is_invalid = thread.tid < 0 || thread.pid < 0 || thread.ptid < 0;
  if (thread.is_invalid) {
    return;
  }
  join_group(thread);
  if (thread.is_main()) {
    touch(thread);  // its process' threads have a main thread now
  }
  if (thread.pid == 1) {
    return;
  }
  if (parent == nullptr || parent->is_invalid || parent == &thread) {
    thread.ptid = 0;
    return;
  }
  add_child(*parent, thread);
}

void ThreadTable::mark_dead(Thread& thread) {
  if (thread.is_dead) {
    return;
  }
  thread.is_dead = true;
  touch(thread);
  if (thread.group->live_count > 0) {
    --thread.group->live_count;
  }
}

void ThreadTable::revive(Thread& thread) {
  if (thread.is_dead) {
    thread.is_dead = false;
    touch(thread);
    ++thread.group->live_count;
  }
}

void ThreadTable::remove(Thread& thread, Thread* reaper) {
  if (thread.is_invalid || thread.group == no_group_) {
    hand_over_children(thread, nullptr);
    leave_parent(thread);
    free_row(thread);
    return;
  }
  mark_dead(thread);
  if (thread.links.first_child != kNone) {
    if (reaper == nullptr || reaper == &thread || reaper->is_invalid) {
      reaper = find_reaper(thread);
    }
    if (reaper != nullptr && reaper->group != thread.group) {
      reaper->group->is_reaper = true;
    }
    hand_over_children(thread, reaper);
  }
  const Ref<ThreadGroup> group = thread.group;
  if (group->main != thread.handle.index) {
    free_row(thread);
  }
  if (group->live_count == 0 && group->main != kNone) {
    free_row(rows_[group->main]);
  }
}

void ThreadTable::remove_stale(Thread& thread) {
  const Ref<ThreadGroup> group = thread.group;
  if (group->main != thread.handle.index) {
    remove(thread, nullptr);
    return;
  }
  for_each_in_group(*group, [&](Thread& row) { mark_dead(row); });
  while (group->last != kNone) {  // the main thread is the first
    Thread& last = rows_[group->last];
    if (last.links.first_child != kNone) {
      hand_over_children(last, find_reaper(last));
    }
    free_row(last);
  }
}

void ThreadTable::clear() {
  ++facts_epoch_;
  for (Thread& thread : rows_) {
    if (thread.handle.index != kNone) {
      free_row(thread);
    }
  }
}

const Thread* ThreadTable::main_of(const Thread& thread) const {
  if (thread.is_main()) {
    return &thread;
  }
  return thread.group->main == kNone ? nullptr : &rows_[thread.group->main];
}

Thread* ThreadTable::main_of(Thread& thread) {
  if (thread.is_main()) {
    return &thread;
  }
  return thread.group->main == kNone ? nullptr : &rows_[thread.group->main];
}

void ThreadTable::join_group(Thread& thread) {
  if (thread.pid == IdMap<ThreadGroup*>::kReservedKey) {
    return;
  }
  ThreadGroup* const* known = groups_by_pid_.find(thread.pid);
  if (known != nullptr) {
    thread.group = Ref<ThreadGroup>(*known);
  } else {
    thread.group = group_pool_.make();
    thread.group->pid = thread.pid;
    thread.group->is_reaper = thread.pid == 1 || thread.vpid == 1;
    groups_by_pid_.put(thread.pid, thread.group.get());
  }
  ThreadGroup& group = *thread.group;
  const std::uint32_t index = thread.handle.index;
  ++group.live_count;
  if (thread.is_main()) {
    group.main = index;
    thread.links.next_in_group = group.first;
    if (group.first != kNone) {
      rows_[group.first].links.previous_in_group = index;
    } else {
      group.last = index;
    }
    group.first = index;
    return;
  }
  thread.links.previous_in_group = group.last;
  if (group.last != kNone) {
    rows_[group.last].links.next_in_group = index;
  } else {
    group.first = index;
  }
  group.last = index;
}

void ThreadTable::leave_group(Thread& thread) {
  ThreadGroup& group = *thread.group;
  if (thread.group == no_group_) {
    return;
  }
  const ThreadLinks& links = thread.links;
  if (links.previous_in_group != kNone) {
    rows_[links.previous_in_group].links.next_in_group = links.next_in_group;
  } else {
    group.first = links.next_in_group;
  }
  if (links.next_in_group != kNone) {
    rows_[links.next_in_group].links.previous_in_group = links.previous_in_group;
  } else {
    group.last = links.previous_in_group;
  }
  if (group.main == thread.handle.index) {
    group.main = kNone;
  }
  if (!thread.is_dead && group.live_count > 0) {
    --group.live_count;
  }
  if (group.first == kNone) {
    groups_by_pid_.erase(group.pid);
  }
  thread.group = no_group_;
}

void ThreadTable::add_child(Thread& parent, Thread& child) {
  const std::uint32_t index = child.handle.index;
  child.ptid = parent.tid;
  child.links.parent = parent.handle.index;
  child.links.previous_sibling = kNone;
  child.links.next_sibling = parent.links.first_child;
  if (parent.links.first_child != kNone) {
    rows_[parent.links.first_child].links.previous_sibling = index;
  }
  parent.links.first_child = index;
}

void ThreadTable::leave_parent(Thread& child) {
  ThreadLinks& links = child.links;
  if (links.parent == kNone) {
    return;
  }
  if (links.previous_sibling != kNone) {
    rows_[links.previous_sibling].links.next_sibling = links.next_sibling;
  } else {
    rows_[links.parent].links.first_child = links.next_sibling;
  }
  if (links.next_sibling != kNone) {
    rows_[links.next_sibling].links.previous_sibling = links.previous_sibling;
  }
  links.parent = kNone;
}

void ThreadTable::touch(Thread& thread) {
  std::size_t budget = kMaxTouched;
  touch(thread, budget);
}

void ThreadTable::touch(Thread& thread, std::size_t& budget) {
  if (budget == 0) {
    return;  // the epoch has changed
  }
  to_touch_.clear();
  to_touch_.push_back(thread.handle.index);
  while (!to_touch_.empty()) {
    if (--budget == 0) {
      ++facts_epoch_;
      return;
    }
    Thread& row = rows_[to_touch_.back()];
    to_touch_.pop_back();
    row.facts_version = ++last_facts_version_;
    const auto has_room = [&] { return to_touch_.size() <= budget; };
    if (row.is_main() && row.group->main == row.handle.index) {
      for (std::uint32_t i = row.group->first; i != kNone && has_room();
           i = rows_[i].links.next_in_group) {
        if (i != row.handle.index) {
          to_touch_.push_back(i);
        }
      }
    }
    for (std::uint32_t i = row.links.first_child; i != kNone && has_room();
         i = rows_[i].links.next_sibling) {
      to_touch_.push_back(i);
    }
  }
}

void ThreadTable::hand_over_children(Thread& thread, Thread* reaper) {
  std::size_t budget = kMaxTouched;
  while (thread.links.first_child != kNone) {
    Thread& child = rows_[thread.links.first_child];
    leave_parent(child);
    touch(child, budget);
    if (reaper == nullptr || reaper == &child) {
      child.ptid = 0;
    } else {
      add_child(*reaper, child);
    }
  }
}

// As the kernel: a live thread of the same process, else the nearest ancestor that reaps and is in
// the same pid namespace.
Thread* ThreadTable::find_reaper(const Thread& thread) {
  if (Thread* sibling = find_live_in_group(*thread.group, &thread)) {
    return sibling;
  }
  const Thread* ancestor = find(thread.ptid);
  for (std::size_t steps = 0; ancestor != nullptr && steps < max_ancestors_; ++steps) {
    if (ancestor == &thread || ancestor->is_in_pid_namespace() != thread.is_in_pid_namespace()) {
      return nullptr;
    }
    if (ancestor->group->is_reaper) {
      if (Thread* reaper = find_live_in_group(*ancestor->group, nullptr)) {
        return reaper;
      }
    }
    ancestor = find(ancestor->ptid);
  }
  return nullptr;
}

Thread* ThreadTable::find_live_in_group(const ThreadGroup& group, const Thread* except) {
  if (group.live_count == 0) {
    return nullptr;
  }
  for (std::uint32_t i = group.first; i != kNone; i = rows_[i].links.next_in_group) {
    if (!rows_[i].is_dead && &rows_[i] != except) {
      return &rows_[i];
    }
  }
  return nullptr;
}

void ThreadTable::free_row(Thread& thread) {
  const std::uint32_t index = thread.handle.index;
  if (thread.tid <= 0) {
    ++facts_epoch_;
  }
  if (thread.group->main == index) {
    touch(thread);
  }
  hand_over_children(thread, nullptr);
  leave_parent(thread);
  leave_group(thread);
  by_tid_.erase(thread.tid);
  reset_row(thread);
  free_rows_.push_back(index);
  counters_.add(Counter::kThreadsRemoved);
}

}  // namespace saker
