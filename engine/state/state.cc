// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/state.h"

#include <array>
#include <utility>

#include "engine/state/handlers/handlers.h"
#include "engine/state/state_core.h"
#include "engine/state/state_export.h"

namespace saker {

namespace {

using enum EventType;

// How an event finds its thread.
enum class ThreadLookup : std::uint8_t {
  kObtain,  // an unknown one is asked for, or made with only its tid
  kFind,    // only if it is known
};

// Everything that apply() must know of an event type, in one place.
struct TypeRow {
  HandlerRow handler;
  ThreadLookup lookup = ThreadLookup::kObtain;
  bool is_of_thread = true;  // false: the tid only tells where it was noticed
  bool is_enter = false;
  std::int8_t fd_param = -1;  // position of the fd that the event uses; -1: none
};

using TypeTable = std::array<TypeRow, kEventTypeCount>;

[[nodiscard]] bool makes_or_ends_threads(EventType type) {
  switch (type) {
    case kSyscallCloneV20X:
    case kSyscallForkV20X:
    case kSyscallVforkV20X:
    case kSyscallClone3X:
    case kSchedswitchV6E:
    case kProcexitV1E:
      return true;
    default:
      return false;
  }
}

[[nodiscard]] std::int8_t fd_param_of(const EventInfo& info) {
  if (info.type == kSyscallSpliceX) {
    constexpr std::int8_t kSpliceOut = 2;
    return kSpliceOut;
  }
  if (info.has(event_flag::kUsesFd)) {
    // Parameter 0 of an exit event is the result.
    for (std::size_t i = is_enter(info.type) ? 0 : 1; i < info.params.size(); ++i) {
      if (info.params[i].type == ParamType::kFd) {
        return static_cast<std::int8_t>(i);
      }
    }
  }
  return -1;
}

[[nodiscard]] TypeRow make_row(const EventInfo& info) {
  const bool is_of_thread = !info.has(event_flag::kSkipparsereset) &&
                            info.kind != EventKind::kMetaevent && info.kind != EventKind::kPlugin &&
                            info.kind != EventKind::kIterator;
  TypeRow row;
  row.handler = handler_of(info.type);
  row.lookup = is_of_thread && !makes_or_ends_threads(info.type) ? ThreadLookup::kObtain
                                                                 : ThreadLookup::kFind;
  row.is_of_thread = is_of_thread;
  row.is_enter = is_enter(info.type);
  row.fd_param = fd_param_of(info);
  return row;
}

[[nodiscard]] TypeTable make_table() {
  TypeTable table{};
  for (const EventInfo& info : all_events()) {
    table[index_of(info.type)] = make_row(info);
  }
  return table;
}

}  // namespace

struct State::Impl {
  Impl(const StateLimits& limits, Counters& counters, FactSource* facts)
      : core(limits, counters, facts), types(make_table()) {}

  void find_thread(const EventView& event, const TypeRow& row);
  void find_fd(const EventView& event, const TypeRow& row);
  void handle_enter(const EventView& event, const TypeRow& row);
  void store_enter(const EventView& event);
  void recall_enter(const EventView& event);

  StateCore core;
  TypeTable types;
  Applied applied;
};

void State::Impl::find_thread(const EventView& event, const TypeRow& row) {
  Thread* thread = row.lookup == ThreadLookup::kObtain ? core.obtain(event.tid())
                                                       : core.threads.find(event.tid());
  core.current.thread = thread;
  if (thread != nullptr && row.is_of_thread) {
    core.current.previous_event_ts_ns = thread->last_event_ts_ns;
    thread->last_event_ts_ns = event.ts_ns();
  }
}

void State::Impl::find_fd(const EventView& event, const TypeRow& row) {
  const std::int64_t fd = event.get_signed(static_cast<std::size_t>(row.fd_param), -1);
  core.current.fd_number = fd;
  core.current.fd = core.find_fd(*core.current.thread, fd);
  if (core.current.fd == nullptr && fd >= 0) {
    core.counters.add(Counter::kFdLookupsFailed);
  }
}

void State::Impl::handle_enter(const EventView& event, const TypeRow& row) {
  if (row.is_enter) {
    core.current.thread->last_enter_type = event.type();
    if (row.handler.stores_enter) {
      store_enter(event);
    }
  } else if (row.handler.uses_enter) {
    recall_enter(event);
  }
}

void State::Impl::store_enter(const EventView& event) {
  Thread& thread = *core.current.thread;
  const Bytes record = event.record();
  if (record.size() > core.limits.max_enter_event_bytes) {
    thread.enter_event.clear();
    return;
  }
  thread.enter_event.assign(record.begin(), record.end());
}

void State::Impl::recall_enter(const EventView& event) {
  Thread& thread = *core.current.thread;
  const std::size_t enter_type = index_of(event.type()) - 1;
  core.has_enter = index_of(thread.last_enter_type) == enter_type && !thread.enter_event.empty() &&
                   core.enter.parse(thread.enter_event) == EventFault::kNone &&
                   index_of(core.enter.type()) == enter_type;
  // Used once: a later exit event whose enter event was lost must not take this one.
  thread.last_enter_type = {};
}

State::State(const StateLimits& limits, Counters& counters, FactSource* facts)
    : impl_(std::make_unique<Impl>(limits, counters, facts)) {}

State::~State() = default;

void State::reset(const Snapshot& snapshot) {
  StateCore& core = impl_->core;
  core.threads.clear();
  core.current = {};
  core.pending = {};
  core.next_purge_ts_ns = 0;
  core.machine = snapshot.machine;
  core.interfaces.assign(snapshot.interfaces);
  core.users.clear();
  for (const UserSnapshot& user : snapshot.users) {
    core.users.add(user);
  }
  for (const GroupSnapshot& group : snapshot.groups) {
    core.users.add(group);
  }
  core.load(snapshot);
}

const Applied& State::apply(const EventView& event) {
  StateCore& core = impl_->core;
  const TypeRow& row = impl_->types[index_of(event.type())];
  core.purge_if_due(event.ts_ns());
  core.current = {};
  core.has_enter = false;
  impl_->find_thread(event, row);
  const Thread* thread = core.current.thread;
  if (thread != nullptr && row.is_of_thread) {
    if (row.fd_param >= 0) {
      impl_->find_fd(event, row);
    }
    impl_->handle_enter(event, row);
  }
  const HandlerRow& handler = row.handler;
  const bool is_ready =
      handler.needs == Needs::kNothing ||
      (thread != nullptr && (handler.needs != Needs::kFd || core.current.fd != nullptr));
  if (handler.handle != nullptr && is_ready) {
    handler.handle(core, event);
    if (handler.changes_facts && core.current.thread != nullptr) {
      Thread* main = core.threads.main_of(*core.current.thread);
      core.threads.touch(*core.current.thread);
      if (main != nullptr && main != core.current.thread) {
        core.threads.touch(*main);
      }
    }
  }
  const Current& current = core.current;
  impl_->applied = {.thread = current.thread,
                    .fd = current.fd,
                    .fd_number = current.fd_number,
                    .is_fd_name_changed = current.is_fd_name_changed,
                    .enter = core.has_enter ? &core.enter : nullptr};
  return impl_->applied;
}

void State::retire(const EventView& event) {
  static_cast<void>(event);
  StateCore& core = impl_->core;
  impl_->applied = {};
  const Pending pending = core.pending;
  core.pending = {};
  core.current = {};
  core.fds.forget_unstored();
  if (pending.has_close) {
    Thread* thread = core.threads.find(pending.closing_tid);
    Ref<FdTable>* table = thread == nullptr ? nullptr : core.fd_table(*thread);
    if (table != nullptr) {
      core.fds.remove(*table, pending.closing_fd);
    }
  }
  if (pending.has_exit) {
    if (Thread* thread = core.threads.find(pending.exited_tid)) {
      core.remove(*thread);
    }
  }
}

Snapshot State::snapshot() const {
  return export_state(impl_->core);
}

bool State::is_changed_by(const EventView& event, const Applied& applied) {
  const HandlerRow& handler = handler_of(event.type());
  if (handler.handle == on_transfer) {
    return applied.fd != nullptr && applied.fd->is_ip_socket();
  }
  return handler.stores_enter || (handler.handle != nullptr && handler.handle != on_memory);
}

const Thread* State::find_thread(std::int64_t tid) const {
  return std::as_const(impl_->core.threads).find(tid);
}

const Thread* State::get(ThreadHandle handle) const {
  return impl_->core.threads.get(handle);
}

const Thread* State::main_thread(const Thread& thread) const {
  return std::as_const(impl_->core.threads).main_of(thread);
}

const Thread* State::parent(const Thread& thread) const {
  return find_thread(thread.ptid);
}

const Thread* State::parent_process(const Thread& thread) const {
  const Thread* main = main_thread(thread);
  const Thread* above = main == nullptr ? nullptr : parent(*main);
  return above == nullptr ? nullptr : main_thread(*above);
}

const FdTable* State::fds(const Thread& thread) const {
  return std::as_const(impl_->core).fd_table(thread);
}

std::string_view State::cwd(const Thread& thread) const {
  return StateCore::cwd(thread);
}

std::string_view State::env(const Thread& thread) const {
  const Thread* main = main_thread(thread);
  const Thread& owner = main == nullptr ? thread : *main;
  return owner.has_env ? std::string_view(owner.image->env) : std::string_view();
}

std::uint64_t State::facts_epoch() const {
  return impl_->core.threads.facts_epoch();
}

const Users& State::users() const {
  return impl_->core.users;
}

const Interfaces& State::interfaces() const {
  return impl_->core.interfaces;
}

const MachineSnapshot& State::machine() const {
  return impl_->core.machine;
}

const StateLimits& State::limits() const {
  return impl_->core.limits;
}

std::size_t State::thread_count() const {
  return impl_->core.threads.size();
}

std::size_t State::fd_count() const {
  return impl_->core.fds.live_count();
}

}  // namespace saker
