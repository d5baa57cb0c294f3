// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The state of the watched system, kept up to date by events. One worker owns a State.
//
//   state.reset(snapshot);
//   const Applied& applied = state.apply(event);  // before rules
//   … rules read state and applied …
//   state.retire(event);                          // after rules: closed fds and dead threads go
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/base/counters.h"
#include "engine/event/event_view.h"
#include "engine/event/snapshot.h"
#include "engine/state/interfaces.h"
#include "engine/state/thread.h"
#include "engine/state/users.h"

namespace saker {

struct StateLimits {
  std::size_t max_threads = 262144;  // Falco: falco_libs.thread_table_size
  std::size_t max_fds_per_process = 65536;
  std::size_t max_fds = 1048576;             // of all processes together
  std::size_t max_ancestors = 1024;          // steps of one walk
  std::size_t max_enter_event_bytes = 4096;  // larger ones are not kept for their exit; as Falco
  // How often threads are looked for that went unnoticed, and how long one must have been quiet.
  // Only with a FactSource. Falco: falco_libs.thread_purge_interval_s, thread_timeout_s.
  std::uint64_t purge_interval_ns = 300'000'000'000;
  std::uint64_t thread_timeout_ns = 300'000'000'000;
};

// What apply() found out about the event: what fields start from. Valid until retire().
struct Applied {
  const Thread* thread =
      nullptr;  // null: the event has no thread (switch to an unknown one, plugin events)
  const FdInfo* fd = nullptr;  // record of the fd that the event works on; null: none or unknown
  std::int64_t fd_number = -1;
  bool is_fd_name_changed = false;
  // Enter event that belongs to this exit event, if it was stored; its own bytes are borrowed from
  // the thread.
  const EventView* enter = nullptr;
};

// Facts that events do not carry, asked for while applying an event. Absent in replay.
class FactSource {
public:
  virtual ~FactSource() = default;
  // Fills what /proc knows of a thread that no event introduced; false when it is gone.
  virtual bool find_thread(std::int64_t tid, ThreadSnapshot& thread, FdListSnapshot& fds) = 0;
  // Whether the thread that was seen at that time still runs. One with its ids that began later is
  // another.
  virtual bool is_alive(std::int64_t pid, std::int64_t tid, std::uint64_t seen_ts_ns) = 0;
};

class State {
public:
  State(const StateLimits& limits, Counters& counters, FactSource* facts = nullptr);
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // Forgets everything and starts from `snapshot`.
  void reset(const Snapshot& snapshot);

  const Applied& apply(const EventView& event);
  void retire(const EventView& event);

  // The state now, to begin a capture with: reset() of it gives the same again, as far as a capture
  // can hold it. Costs a copy of every thread and fd.
  [[nodiscard]] Snapshot snapshot() const;
  // Whether a reader of `event`, which apply() has just seen with `applied` as the result, needs it
  // for the state of later events. Sizes of memory do not count.
  [[nodiscard]] static bool is_changed_by(const EventView& event, const Applied& applied);

  // Null when unknown. Rows stay where they are until retire().
  [[nodiscard]] const Thread* find_thread(std::int64_t tid) const;
  [[nodiscard]] const Thread* get(ThreadHandle handle) const;
  // The main thread of `thread`'s process; itself if it is one; null when that thread is not known.
  [[nodiscard]] const Thread* main_thread(const Thread& thread) const;
  // The thread whose tid is `thread`'s ptid; null when unknown.
  [[nodiscard]] const Thread* parent(const Thread& thread) const;
  // Walks to the parent process: main thread -> its ptid -> main thread of that; null at the end.
  [[nodiscard]] const Thread* parent_process(const Thread& thread) const;
  // The fd table that `thread` uses; null when it has none (main thread unknown).
  [[nodiscard]] const FdTable* fds(const Thread& thread) const;
  [[nodiscard]] std::string_view cwd(
      const Thread& thread) const;  // "./" without a known main thread
  [[nodiscard]] std::string_view env(const Thread& thread) const;  // pieces, each followed by NUL

  // Changes whenever Thread::facts_version of every thread is void.
  [[nodiscard]] std::uint64_t facts_epoch() const;

  [[nodiscard]] const Users& users() const;
  [[nodiscard]] const Interfaces& interfaces() const;
  [[nodiscard]] const MachineSnapshot& machine() const;
  [[nodiscard]] const StateLimits& limits() const;
  [[nodiscard]] std::size_t thread_count() const;
  [[nodiscard]] std::size_t fd_count() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace saker
