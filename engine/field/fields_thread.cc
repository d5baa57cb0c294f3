// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The thread and what it uses: capabilities, memory, fds, cgroups, standard streams.
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/name_tables.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

template <auto Member>
Value capabilities(const FieldContext& context, const Thread& thread) {
  const std::uint64_t set = thread.*Member;
  ArenaText out(context.arena, set == 0 ? 8 : 760);
  for (std::size_t bit = 0; bit < kCapabilityCount; ++bit) {
    if ((set >> bit & 1) != 0) {
      out.append(out.empty() ? "" : " ");
      out.append(capability_name(bit));
    }
  }
  return out.value();
}

// Fds and their limit are those of the main thread, also for the few threads that have a table of
// their own.
Value fd_count(const FieldContext& context, const Thread& thread) {
  return Value::number(open_fd_count(context, thread));
}

std::int64_t limit_of_fds(const FieldContext& context, const Thread& thread) {
  const Thread* main = context.state.main_thread(thread);
  return main == nullptr ? 0 : main->fdlimit;
}

Value fd_limit(const FieldContext& context, const Thread& thread) {
  return Value::integer(limit_of_fds(context, thread));
}

Value fd_usage(const FieldContext& context, const Thread& thread) {
  const std::int64_t limit = limit_of_fds(context, thread);
  return Value::real(limit <= 0 ? 0.0
                                : 100.0 * static_cast<double>(open_fd_count(context, thread)) /
                                      static_cast<double>(limit));
}

template <auto Member>
Value number(const FieldContext&, const Thread& thread) {
  return Value::number(thread.*Member);
}

// Memory is the whole process', so only its main thread shows it.
template <auto Member, std::uint64_t Unit>
Value of_main(const FieldContext&, const Thread& thread) {
  return Value::number(thread.is_main() ? std::uint64_t{thread.*Member} * Unit : 0);
}

Value is_main(const FieldContext&, const Thread& thread) {
  return Value::boolean(thread.is_main());
}

Value name_and_tid(const FieldContext& context, const Thread& thread) {
  ArenaText out(context.arena, 40);
  out.append(thread.image->comm);
  out.append_number(thread.tid);
  return out.value();
}

Value cgroups(const FieldContext& context, const Thread& thread) {
  if (!thread.cgroups || thread.cgroups->text.empty()) {
    return {};
  }
  ArenaText out(context.arena, thread.cgroups->text.size());
  append_pieces(out, thread.cgroups->text, ' ');
  return out.value();
}

Value cgroup(const FieldContext&, const Thread& thread, const BoundField& field) {
  Value found;
  if (!thread.cgroups) {
    return found;
  }
  for_each_piece(thread.cgroups->text, [&](std::string_view piece) {
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos || piece.substr(0, equals) != field.key) {
      return true;
    }
    found = Value::text(piece.substr(equals + 1));
    return false;
  });
  return found;
}

Status bind_subsystem(BoundField& field, std::string_view argument, bool is_dot) {
  if (!is_dot) {
    return fail(ErrorCode::kInvalidArgument, "filter syntax error: " + field.text);
  }
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (argument.empty() || !std::all_of(argument.begin(), argument.end(), is_letter)) {
    return fail(ErrorCode::kNotFound, "");
  }
  field.key = argument;
  return {};
}

Value thread_count(const FieldContext&, const Thread& thread) {
  return Value::number(thread.group->live_count);
}

Value other_thread_count(const FieldContext& context, const Thread& thread) {
  const Thread* main = context.state.main_thread(thread);
  const bool is_main_alive = main != nullptr && !main->is_dead;
  const std::uint64_t count = thread.group->live_count;
  return Value::number(is_main_alive && count > 0 ? count - 1 : count);
}

const FdInfo* stream(const FieldContext& context, const Thread& thread, std::int64_t fd) {
  const FdTable* fds = context.state.fds(thread);
  return fds == nullptr ? nullptr : fds->find(fd);
}

template <std::int64_t Fd>
Value stream_type(const FieldContext& context, const Thread& thread) {
  const FdInfo* info = stream(context, thread, Fd);
  return info == nullptr ? Value{} : Value::text(type_name(info->type));
}

template <std::int64_t Fd>
Value stream_name(const FieldContext& context, const Thread& thread) {
  const FdInfo* info = stream(context, thread, Fd);
  return info == nullptr ? Value{} : Value::text(info->name);
}

Value zero(const FieldContext&, const Thread&) {
  return Value::number(0);
}

// Events of unknown threads too have one.
Value thread_id(const FieldContext& context, const BoundField&) {
  const Thread* thread = context.applied.thread;
  return Value::integer(thread == nullptr ? context.event.tid() : thread->tid);
}

Value virtual_thread_id(const FieldContext&, const Thread& thread) {
  return thread.vtid == -1 ? Value{} : Value::integer(thread.vtid);
}

bool is_procinfo(EventType type) {
  return type == EventType::kProcinfoE;
}

// Only old captures hold procinfo events, and one for each thread, which is too few to measure.
Value cpu_usage(const FieldContext& context, const Thread&) {
  return is_procinfo(context.event.type()) ? Value::real(0.0) : Value{};
}

// clang-format off
constexpr auto kThread = in_class("process", {
    {.name = "thread.cap_permitted", .type = kCharbuf, .scope = Scope::kProcess,
     .meaning = "Names of the thread's permitted capabilities, joined by blanks.", .extract = &with_thread<&capabilities<&Thread::cap_permitted>>},
    {.name = "thread.cap_inheritable", .type = kCharbuf, .scope = Scope::kProcess,
     .meaning = "Names of the thread's inheritable capabilities, joined by blanks.", .extract = &with_thread<&capabilities<&Thread::cap_inheritable>>},
    {.name = "thread.cap_effective", .type = kCharbuf, .scope = Scope::kProcess,
     .meaning = "Names of the thread's effective capabilities, joined by blanks.", .extract = &with_thread<&capabilities<&Thread::cap_effective>>},
    {.name = "proc.fdopencount", .type = kUint64, .format = kDec,
     .meaning = "Number of open fds of the process.", .extract = &with_thread<&fd_count>},
    {.name = "proc.fdlimit", .type = kInt64, .format = kDec,
     .meaning = "How many fds the process may open.", .extract = &with_thread<&fd_limit>},
    {.name = "proc.fdusage", .type = kDouble,
     .meaning = "Open fds in percent of what the process may open.", .extract = &with_thread<&fd_usage>},
    {.name = "proc.vmsize", .type = kUint64, .format = kDec,
     .meaning = "Virtual memory in KiB.", .extract = &with_thread<&number<&Thread::vmsize_kb>>},
    {.name = "proc.vmrss", .type = kUint64, .format = kDec,
     .meaning = "Resident memory in KiB.", .extract = &with_thread<&number<&Thread::vmrss_kb>>},
    {.name = "proc.vmswap", .type = kUint64, .format = kDec,
     .meaning = "Swapped memory in KiB.", .extract = &with_thread<&number<&Thread::vmswap_kb>>},
    {.name = "thread.pfmajor", .type = kUint64, .format = kDec,
     .meaning = "Page faults that read from disk, since the thread began.", .extract = &with_thread<&number<&Thread::pfmajor>>},
    {.name = "thread.pfminor", .type = kUint64, .format = kDec,
     .meaning = "Page faults that did not read from disk, since the thread began.", .extract = &with_thread<&number<&Thread::pfminor>>},
    {.name = "thread.tid", .type = kInt64, .format = kId, .scope = Scope::kProcess,
     .meaning = "Thread id, as the host sees it.", .extract = &thread_id},
    {.name = "thread.ismain", .type = kBool, .scope = Scope::kProcess,
     .meaning = "Whether the thread is the first of its process.", .extract = &with_thread<&is_main>},
    {.name = "thread.vtid", .type = kInt64, .format = kId, .scope = Scope::kProcess,
     .meaning = "Thread id inside the thread's own pid namespace.", .extract = &with_thread<&virtual_thread_id>},
    {.name = "thread.nametid", .type = kCharbuf, .flags = field_flag::kHidden, .scope = Scope::kProcess,
     .meaning = "proc.name directly followed by thread.tid.", .extract = &with_thread<&name_and_tid>},
    {.name = "thread.exectime", .type = kReltime, .format = kDec, .scope = Scope::kConstant,
     .meaning = "CPU time of the last interval in which the thread ran; 0, since scheduler events are not used.", .extract = &constant_number<0>},
    {.name = "thread.totexectime", .type = kReltime, .format = kDec,
     .meaning = "CPU time of the thread; 0, since scheduler events are not used.", .extract = &with_thread<&zero>},
    {.name = "thread.cgroups", .type = kCharbuf, .scope = Scope::kProcess,
     .meaning = "Cgroups as subsystem=path pieces joined by blanks.", .extract = &with_thread<&cgroups>},
    {.name = "thread.cgroup", .type = kCharbuf, .argument = ArgumentRule::kRequired,
     .flags = field_flag::kKeyArgument | field_flag::kDotArgument | field_flag::kBracketArgument | field_flag::kOwnsPrefix, .scope = Scope::kProcess,
     .meaning = "Path of the cgroup in one subsystem, for example thread.cgroup.cpuset.", .extract = &with_thread<&cgroup>, .bind_argument = &bind_subsystem},
    {.name = "proc.nthreads", .type = kUint64, .format = kDec,
     .meaning = "Number of living threads of the process.", .extract = &with_thread<&thread_count>},
    {.name = "proc.nchilds", .type = kUint64, .format = kDec,
     .meaning = "Number of living threads of the process besides its first.", .extract = &with_thread<&other_thread_count>},
    {.name = "thread.cpu", .type = kDouble,
     .meaning = "CPU usage, for procinfo events of old captures: 0.0.", .extract = &with_thread<&cpu_usage>, .reads_event = &is_procinfo},
    {.name = "thread.cpu.user", .type = kDouble,
     .meaning = "CPU usage in user mode, for procinfo events of old captures: 0.0.", .extract = &with_thread<&cpu_usage>, .reads_event = &is_procinfo},
    {.name = "thread.cpu.system", .type = kDouble,
     .meaning = "CPU usage in the kernel, for procinfo events of old captures: 0.0.", .extract = &with_thread<&cpu_usage>, .reads_event = &is_procinfo},
    {.name = "thread.vmsize", .type = kUint64, .format = kDec,
     .meaning = "Virtual memory in KiB for main threads, 0 for others.", .extract = &with_thread<&of_main<&Thread::vmsize_kb, 1>>},
    {.name = "thread.vmrss", .type = kUint64, .format = kDec,
     .meaning = "Resident memory in KiB for main threads, 0 for others.", .extract = &with_thread<&of_main<&Thread::vmrss_kb, 1>>},
    {.name = "thread.vmsize.b", .type = kUint64, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "thread.vmsize in bytes.", .extract = &with_thread<&of_main<&Thread::vmsize_kb, 1024>>},
    {.name = "thread.vmrss.b", .type = kUint64, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "thread.vmrss in bytes.", .extract = &with_thread<&of_main<&Thread::vmrss_kb, 1024>>},
    {.name = "proc.stdin.type", .type = kCharbuf,
     .meaning = "fd.type of standard input.", .extract = &with_thread<&stream_type<0>>},
    {.name = "proc.stdout.type", .type = kCharbuf,
     .meaning = "fd.type of standard output.", .extract = &with_thread<&stream_type<1>>},
    {.name = "proc.stderr.type", .type = kCharbuf,
     .meaning = "fd.type of standard error.", .extract = &with_thread<&stream_type<2>>},
    {.name = "proc.stdin.name", .type = kCharbuf,
     .meaning = "fd.name of standard input.", .extract = &with_thread<&stream_name<0>>},
    {.name = "proc.stdout.name", .type = kCharbuf,
     .meaning = "fd.name of standard output.", .extract = &with_thread<&stream_name<1>>},
    {.name = "proc.stderr.name", .type = kCharbuf,
     .meaning = "fd.name of standard error.", .extract = &with_thread<&stream_name<2>>},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::thread() {
  return kThread;
}

}  // namespace saker
