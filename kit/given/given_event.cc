// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/given/given_event.h"

#include "engine/base/check.h"
#include "engine/base/counters.h"
#include "kit/given/derived_fields.h"
#include "kit/given/event_record.h"

namespace saker {

namespace {

constexpr std::int64_t kPid = 1000;
constexpr std::int64_t kShellPid = 900;

ThreadSnapshot process(std::int64_t pid, std::int64_t parent, std::string_view exepath) {
  ThreadSnapshot thread;
  thread.tid = thread.pid = thread.vtid = thread.vpid = pid;
  thread.pgid = thread.vpgid = pid;
  thread.ptid = parent;
  thread.sid = parent == 0 ? pid : kShellPid;
  thread.exe = thread.exepath = exepath;
  thread.comm = exepath.substr(exepath.rfind('/') + 1);
  thread.cwd = "/";
  thread.root = "/";
  thread.uid = thread.gid = thread.loginuid = 0;
  thread.flags = thread_flag::kIsMainThread;
  return thread;
}

Snapshot default_machine(const GivenValues& given) {
  Snapshot snapshot;
  snapshot.machine.cpu_count = 1;
  snapshot.machine.memory_bytes = std::uint64_t{1} << 30;
  snapshot.threads = {process(1, 0, "/usr/lib/systemd/systemd"),
                      process(kShellPid, 1, "/usr/bin/bash"),
                      process(kPid, kShellPid, "/usr/bin/program")};
  UserSnapshot root;
  root.name = "root";
  root.home = "/root";
  root.shell = "/bin/bash";
  snapshot.users = {root};
  GroupSnapshot root_group;
  root_group.name = "root";
  snapshot.groups = {root_group};
  FdSnapshot file;
  file.fd = 3;
  file.type = FdType::kFile;
  file.name = given.text("fd.name");
  snapshot.fd_lists = {FdListSnapshot{kPid, {file}}};
  return snapshot;
}

}  // namespace

struct GivenEvent::Impl {
  explicit Impl(GivenValues values) : given(std::move(values)) {}

  GivenValues given;
  std::string record;
  Counters counters;
  State state{StateLimits{.max_threads = 16}, counters};
  EventView event;
  Applied applied;
  mutable Arena arena;
  std::uint64_t number = 0;
};

GivenEvent::GivenEvent(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GivenEvent::GivenEvent(GivenEvent&&) noexcept = default;
GivenEvent::~GivenEvent() = default;

Result<GivenEvent> GivenEvent::make(GivenValues given, std::uint64_t number, std::uint64_t ts_ns) {
  const std::string name(given.text("evt.type"));
  const std::optional<EventType> type = event_type_named(name);
  if (!type) {
    return fail(ErrorCode::kInvalidArgument,
                name.empty() ? "evt.type is not given" : "no event is named '" + name + "'");
  }
  derive_fields(given);
  auto impl = std::make_unique<Impl>(std::move(given));
  impl->number = number;
  impl->record = make_record(*type, {.ts_ns = ts_ns, .tid = kPid}, impl->given);
  impl->state.reset(default_machine(impl->given));
  SAKER_CHECK(impl->event.parse(as_bytes(impl->record)) == EventFault::kNone);
  impl->applied = impl->state.apply(impl->event);
  return GivenEvent(std::move(impl));
}

FieldContext GivenEvent::context() const {
  return FieldContext{.event = impl_->event,
                      .applied = impl_->applied,
                      .state = impl_->state,
                      .arena = impl_->arena,
                      .number = impl_->number,
                      .first_ts_ns = impl_->event.ts_ns(),
                      .hostname = {},
                      .given = &impl_->given};
}

const GivenValues& GivenEvent::given() const {
  return impl_->given;
}

}  // namespace saker
