// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Numbers that name a process, and the leaders of its session and process group.
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/lineage.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

Value virtual_pid(const FieldContext&, const Thread& thread) {
  return thread.vpid == -1 ? Value{} : Value::integer(thread.vpid);
}

// Thread's own number that a leader shares with its followers, and where the leader is looked up
// by that number: ids of a pid namespace mean nothing outside it.
struct LeaderKind {
  std::int64_t Thread::*id;
  bool is_namespaced;
};

constexpr LeaderKind kSession = {&Thread::sid, true};
constexpr LeaderKind kVirtualGroup = {&Thread::vpgid, true};
constexpr LeaderKind kGroup = {&Thread::pgid, false};

// The leader itself if it is known, else the eldest ancestor of the same session or group without
// a foreigner in between. Null when there is none.
const Thread* find_leader(const FieldContext& context, const Thread& thread, LeaderKind kind) {
  const std::int64_t id = thread.*kind.id;
  if (id == -1) {
    return nullptr;
  }
  if (!kind.is_namespaced || !thread.is_in_pid_namespace()) {
    const Thread* leader = context.state.find_thread(id);
    if (leader != nullptr) {
      return leader;
    }
  }
  const Thread* eldest = nullptr;
  for_each_ancestor(context.state, thread, [&](const Thread& ancestor) {
    if (ancestor.*kind.id != id) {
      return false;
    }
    eldest = &ancestor;
    return true;
  });
  return eldest;
}

template <const LeaderKind& Kind, auto Member>
Value of_leader(const FieldContext& context, const Thread& thread) {
  const Thread* leader = find_leader(context, thread, Kind);
  return leader == nullptr ? Value::text("") : to_value((*leader->image).*Member);
}

template <auto Member, auto Own>
Value is_leader(const FieldContext&, const Thread& thread) {
  return Value::boolean(thread.*Member == thread.*Own);
}

Value login_shell(const FieldContext& context, const Thread& thread) {
  Value found;
  for_each_in_lineage(context.state, thread, [&](const Thread& ancestor) {
    if (std::string_view(ancestor.image->comm).ends_with("sh")) {
      found = Value::integer(ancestor.pid);
    }
    return true;
  });
  return found;
}

// clang-format off
constexpr auto kProcessIds = in_class("process", {
    {.name = "proc.loginshellid", .type = kInt64, .format = kId, .scope = Scope::kLineage,
     .meaning = "Pid of the eldest process in the line of ancestors, the process included, whose name ends in sh: the shell that someone logged in to.", .extract = &with_thread<&login_shell>},
    {.name = "proc.tty", .type = kUint32, .format = kId, .scope = Scope::kProcess,
     .meaning = "Number of the controlling terminal; 0 when there is none.", .extract = &of_thread<&Thread::tty>},
    {.name = "proc.pid", .type = kInt64, .format = kId, .scope = Scope::kProcess,
     .meaning = "Process id, as the host sees it.", .extract = &of_thread<&Thread::pid>},
    {.name = "proc.vpid", .type = kInt64, .format = kId, .scope = Scope::kProcess,
     .meaning = "Process id inside the process' own pid namespace.", .extract = &with_thread<&virtual_pid>},
    {.name = "proc.sid", .type = kInt64, .format = kId, .scope = Scope::kProcess,
     .meaning = "Session id.", .extract = &of_thread<&Thread::sid>},
    {.name = "proc.sname", .type = kCharbuf, .scope = Scope::kLeader,
     .meaning = "Name of the session's leader, or of the eldest known ancestor in the session.", .extract = &with_thread<&of_leader<kSession, &ExecImage::comm>>},
    {.name = "proc.sid.exe", .type = kCharbuf, .scope = Scope::kLeader,
     .meaning = "proc.exe of the session's leader.", .extract = &with_thread<&of_leader<kSession, &ExecImage::exe>>},
    {.name = "proc.sid.exepath", .type = kCharbuf, .scope = Scope::kLeader,
     .meaning = "proc.exepath of the session's leader.", .extract = &with_thread<&of_leader<kSession, &ExecImage::exepath>>},
    {.name = "proc.vpgid", .type = kInt64, .format = kId, .scope = Scope::kProcess,
     .meaning = "Process group id inside the pid namespace.", .extract = &of_thread<&Thread::vpgid>},
    {.name = "proc.vpgid.name", .type = kCharbuf, .scope = Scope::kLeader,
     .meaning = "Name of the leader of the process group, looked up by proc.vpgid.", .extract = &with_thread<&of_leader<kVirtualGroup, &ExecImage::comm>>},
    {.name = "proc.vpgid.exe", .type = kCharbuf, .scope = Scope::kLeader,
     .meaning = "proc.exe of the leader of the process group, looked up by proc.vpgid.", .extract = &with_thread<&of_leader<kVirtualGroup, &ExecImage::exe>>},
    {.name = "proc.vpgid.exepath", .type = kCharbuf, .scope = Scope::kLeader,
     .meaning = "proc.exepath of the leader of the process group, looked up by proc.vpgid.", .extract = &with_thread<&of_leader<kVirtualGroup, &ExecImage::exepath>>},
    {.name = "proc.pgid", .type = kInt64, .format = kId, .scope = Scope::kProcess,
     .meaning = "Process group id, as the host sees it.", .extract = &of_thread<&Thread::pgid>},
    {.name = "proc.pgid.name", .type = kCharbuf, .scope = Scope::kLeader,
     .meaning = "Name of the leader of the process group.", .extract = &with_thread<&of_leader<kGroup, &ExecImage::comm>>},
    {.name = "proc.pgid.exe", .type = kCharbuf, .scope = Scope::kLeader,
     .meaning = "proc.exe of the leader of the process group.", .extract = &with_thread<&of_leader<kGroup, &ExecImage::exe>>},
    {.name = "proc.pgid.exepath", .type = kCharbuf, .scope = Scope::kLeader,
     .meaning = "proc.exepath of the leader of the process group.", .extract = &with_thread<&of_leader<kGroup, &ExecImage::exepath>>},
    {.name = "proc.is_sid_leader", .type = kBool, .scope = Scope::kProcess,
     .meaning = "Whether the process leads its session.", .extract = &with_thread<&is_leader<&Thread::sid, &Thread::vpid>>},
    {.name = "proc.is_vpgid_leader", .type = kBool, .scope = Scope::kProcess,
     .meaning = "Whether the process leads its process group, compared inside the pid namespace.", .extract = &with_thread<&is_leader<&Thread::vpgid, &Thread::vpid>>},
    {.name = "proc.is_pgid_leader", .type = kBool, .scope = Scope::kProcess,
     .meaning = "Whether the process leads its process group.", .extract = &with_thread<&is_leader<&Thread::pgid, &Thread::pid>>},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::process_ids() {
  return kProcessIds;
}

}  // namespace saker
