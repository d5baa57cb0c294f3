// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/event_groups.h"

#include <algorithm>
#include <array>
#include <string>

namespace saker::cli {

namespace {

// Names of events, which the calls pread64 and pwrite64 have in common with those of other
// machines. Source: `falco --list-events` marks them as not available; falco-compat-tests.md 9.5.
constexpr std::array<std::string_view, 11> kIgnoredEvents = {
    "pread", "preadv", "pwrite",   "pwritev", "read",  "readv",
    "recv",  "send",   "sendfile", "write",   "writev"};

// Codes of the catalogue that are no system calls but tracepoints, or nothing.
constexpr std::array<std::string_view, 6> kNotSyscalls = {
    "unknown",      "signal_deliver",  "sched_process_exit",
    "sched_switch", "page_fault_user", "page_fault_kernel",
};

// Calls of other machines that share the event of a call with another name.
struct Alias {
  std::string_view name;
  std::string_view event;
};
constexpr std::array<Alias, 2> kAliases = {{{"_llseek", "llseek"}, {"ugetrlimit", "getrlimit"}}};

bool is_event_name(std::string_view name) {
  return std::ranges::any_of(all_events(), [name](const EventInfo& info) {
    return info.kind == EventKind::kSyscall && info.name == name;
  });
}

// Whether an event type stands for the call, here or on another machine: 32- and 64-bit variants of
// a call have the number of bits behind its name.
bool has_own_event(const SyscallInfo& syscall) {
  if (syscall.exit_event != EventType::kGenericX || is_event_name(syscall.name)) {
    return true;
  }
  const bool is_variant = syscall.name.ends_with("32") || syscall.name.ends_with("64");
  return (is_variant && is_event_name(syscall.name.substr(0, syscall.name.size() - 2))) ||
         std::ranges::any_of(kAliases, [&](const Alias& alias) {
           return alias.name == syscall.name && is_event_name(alias.event);
         });
}

bool is_ignored_event(const EventInfo& info) {
  return info.kind == EventKind::kSyscall && !is_enter(info.type) &&
         std::ranges::find(kIgnoredEvents, info.name) != kIgnoredEvents.end();
}

EventGroup group_of(std::string_view title, EventKind kind) {
  EventGroup group{title, {}};
  for (const EventInfo& info : all_events()) {
    const bool is_generic = info.type == EventType::kGenericE || info.type == EventType::kGenericX;
    if (info.kind == kind && info.is_current() && !is_generic) {
      group.events.push_back(
          {info.name, is_enter(info.type), !is_ignored_event(info), info.params});
    }
  }
  return group;
}

void add_generic_events(EventGroup& group) {
  std::vector<std::string_view> names;
  for (const SyscallInfo& syscall : all_syscalls()) {
    if (!has_own_event(syscall) && std::ranges::count(kNotSyscalls, syscall.name) == 0) {
      names.push_back(syscall.name);
    }
  }
  std::ranges::sort(names);
  for (const std::string_view name : names) {
    group.events.push_back({name, true, true, event_info(EventType::kGenericE).params});
    group.events.push_back({name, false, true, event_info(EventType::kGenericX).params});
  }
}

}  // namespace

std::vector<EventGroup> event_groups() {
  std::vector<EventGroup> groups = {
      group_of("Syscall events", EventKind::kSyscall),
      group_of("Tracepoint events", EventKind::kTracepoint),
      group_of("Plugin events", EventKind::kPlugin),
      group_of("Metaevents", EventKind::kMetaevent),
  };
  add_generic_events(groups.front());
  return groups;
}

std::span<const std::string_view> ignored_events() {
  return kIgnoredEvents;
}

}  // namespace saker::cli
