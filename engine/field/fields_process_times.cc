// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// When processes began: proc.duration, proc.pid.ts, age of the executable.
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/lineage.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

Value duration(const FieldContext& context, const Thread& thread) {
  return thread.clone_ts_ns == 0 ? Value{}
                                 : Value::number(context.event.ts_ns() - thread.clone_ts_ns);
}

// Compat: where the parent's creation is unknown, the reference shows the number of open fds.
Value parent_duration(const FieldContext& context, const Thread& thread) {
  const Thread* parent = ancestor_at(context.state, thread, 1);
  if (parent == nullptr) {
    return {};
  }
  if (parent->clone_ts_ns != 0) {
    return Value::number(context.event.ts_ns() - parent->clone_ts_ns);
  }
  return Value::number(open_fd_count(context, thread));
}

Value start_time(const FieldContext&, const Thread& thread) {
  return unless_zero(thread.clone_ts_ns);
}

Value parent_start_time(const FieldContext& context, const Thread& thread) {
  const Thread* main = context.state.main_thread(thread);
  const Thread* parent = main == nullptr ? nullptr : context.state.parent(*main);
  return parent == nullptr ? Value{} : Value::number(parent->clone_ts_ns);
}

Value ctime_to_start(const FieldContext&, const Thread& thread) {
  return unless_zero(thread.image->ctime_to_process_start_ns);
}

Value namespace_start_to_ctime(const FieldContext&, const Thread& thread) {
  return unless_zero(thread.pidns_start_to_exe_ctime_ns);
}

Value namespace_start(const FieldContext&, const Thread& thread) {
  return unless_zero(thread.pidns_init_start_ts_ns);
}

// clang-format off
constexpr auto kProcessTimes = in_class("process", {
    {.name = "proc.duration", .type = kReltime, .format = kDec,
     .meaning = "Nanoseconds since the process began; no value when it is older than the events.", .extract = &with_thread<&duration>},
    {.name = "proc.ppid.duration", .type = kReltime, .format = kDec,
     .meaning = "Nanoseconds since the parent process began. Where that is not known, the number of open fds, as the reference has it.", .extract = &with_thread<&parent_duration>},
    {.name = "proc.pid.ts", .type = kReltime, .format = kDec, .scope = Scope::kProcess,
     .meaning = "When the process began, nanoseconds since the epoch; no value when it is older than the events.", .extract = &with_thread<&start_time>},
    {.name = "proc.ppid.ts", .type = kReltime, .format = kDec, .scope = Scope::kLineage,
     .meaning = "When the parent process began, nanoseconds since the epoch; 0 when it is older than the events.", .extract = &with_thread<&parent_start_time>},
    {.name = "proc.exe_ino.ctime_duration_proc_start", .type = kAbstime, .format = kDec, .scope = Scope::kImage,
     .meaning = "Nanoseconds from the last change of the executable's inode to the start of the process that ran it.", .extract = &with_thread<&ctime_to_start>},
    {.name = "proc.exe_ino.ctime_duration_pidns_start", .type = kAbstime, .format = kDec, .scope = Scope::kProcess,
     .meaning = "Nanoseconds from the start of the pid namespace to a later change of the executable's inode: how long a container had run before the file came.", .extract = &with_thread<&namespace_start_to_ctime>},
    {.name = "proc.pidns_init_start_ts", .type = kUint64, .format = kDec, .scope = Scope::kProcess,
     .meaning = "When the pid namespace began, nanoseconds since the epoch; no value when unknown.", .extract = &with_thread<&namespace_start>},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::process_times() {
  return kProcessTimes;
}

}  // namespace saker
