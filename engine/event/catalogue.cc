// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/event/catalogue.h"

#include <array>

#include "engine/base/check.h"

namespace saker {

namespace {

struct FlagTableRow {
  std::string_view name;
  std::span<const FlagName> names;
};

#include "engine/event/event_table.inc"
#include "engine/event/flag_tables.inc"
#include "engine/event/syscall_table.inc"

static_assert(std::size(kEvents) == kEventTypeCount);

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < std::size(kEvents); ++i) {
    if (index_of(kEvents[i].type) != i) {
      return false;
    }
  }
  return true;
}
static_assert(rows_are_in_order());

struct TypeRow {
  std::string_view name;
  std::size_t size;
};

// In the order of ParamType. Sizes: Falco's event encoding.
constexpr TypeRow kTypes[] = {
    {"NONE", 0},        {"INT8", 1},        {"INT16", 2},        {"INT32", 4},
    {"INT64", 8},       {"UINT8", 1},       {"UINT16", 2},       {"UINT32", 4},
    {"UINT64", 8},      {"CHARBUF", 0},     {"BYTEBUF", 0},      {"ERRNO", 8},
    {"SOCKADDR", 0},    {"SOCKTUPLE", 0},   {"FD", 8},           {"PID", 8},
    {"FDLIST", 0},      {"FSPATH", 0},      {"FSRELPATH", 0},    {"SYSCALLID", 2},
    {"SIGTYPE", 1},     {"RELTIME", 8},     {"ABSTIME", 8},      {"PORT", 2},
    {"L4PROTO", 1},     {"SOCKFAMILY", 1},  {"BOOL", 4},         {"IPV4ADDR", 4},
    {"IPV6ADDR", 16},   {"IPADDR", 0},      {"IPNET", 0},        {"DYNAMIC", 0},
    {"FLAGS8", 1},      {"FLAGS16", 2},     {"FLAGS32", 4},      {"ENUMFLAGS8", 1},
    {"ENUMFLAGS16", 2}, {"ENUMFLAGS32", 4}, {"UID", 4},          {"GID", 4},
    {"DOUBLE", 8},      {"SIGSET", 4},      {"CHARBUFARRAY", 0}, {"CHARBUF_PAIR_ARRAY", 0},
    {"MODE", 4},        {"FD32", 4},        {"PID32", 4},
};
static_assert(std::size(kTypes) == static_cast<std::size_t>(ParamType::kPid32) + 1);

constexpr std::uint16_t kMaxSyscallCode = kSyscalls[std::size(kSyscalls) - 1].code;

constexpr auto make_syscall_index() {
  std::array<std::int16_t, kMaxSyscallCode + 1> index{};
  index.fill(-1);
  for (std::size_t i = 0; i < std::size(kSyscalls); ++i) {
    index[kSyscalls[i].code] = static_cast<std::int16_t>(i);
  }
  return index;
}
constexpr auto kSyscallIndex = make_syscall_index();

}  // namespace

std::string_view to_text(ParamType type) {
  return kTypes[static_cast<std::size_t>(type)].name;
}

std::size_t fixed_size(ParamType type) {
  return kTypes[static_cast<std::size_t>(type)].size;
}

const EventInfo& event_info(EventType type) {
  SAKER_DCHECK(index_of(type) < kEventTypeCount);
  return kEvents[index_of(type)];
}

std::span<const EventInfo> all_events() {
  return kEvents;
}

bool reaches_rules(EventType type) {
  using enum EventType;
  const EventInfo& info = event_info(type);
  const bool is_syscall_enter = is_enter(type) && info.kind == EventKind::kSyscall;
  return !info.has(event_flag::kUnused) && !is_syscall_enter && type != kUserAddedE &&
         type != kUserDeletedE && type != kGroupAddedE && type != kGroupDeletedE;
}

std::span<const FlagName> flag_names(FlagTable table) {
  return kFlagTables[static_cast<std::size_t>(table)].names;
}

std::string_view flag_table_name(FlagTable table) {
  return kFlagTables[static_cast<std::size_t>(table)].name;
}

std::span<const SyscallInfo> all_syscalls() {
  return kSyscalls;
}

const SyscallInfo* syscall_by_code(std::uint16_t code) {
  return code > kMaxSyscallCode || kSyscallIndex[code] < 0
             ? nullptr
             : &kSyscalls[static_cast<std::size_t>(kSyscallIndex[code])];
}

const SyscallInfo* syscall_by_name(std::string_view name) {
  for (const SyscallInfo& row : kSyscalls) {
    if (row.name == name) {
      return &row;
    }
  }
  return nullptr;
}

std::string_view to_text(EventCategory category) {
  switch (category) {
    using enum EventCategory;
    case kUnknown:
      return "unknown";
    case kOther:
      return "other";
    case kFile:
      return "file";
    case kNet:
      return "net";
    case kIpc:
      return "IPC";
    case kMemory:
      return "memory";
    case kProcess:
      return "process";
    case kSleep:
      return "sleep";
    case kSystem:
      return "system";
    case kSignal:
      return "signal";
    case kUser:
      return "user";
    case kTime:
      return "time";
    case kProcessing:
      return "processing";
    case kIoRead:
      return "I/O-read";
    case kIoWrite:
      return "I/O-write";
    case kIoOther:
      return "I/O-other";
    case kWait:
      return "wait";
    case kScheduler:
      return "scheduler";
    case kInternal:
      return "internal";
  }
  return "unknown";
}

}  // namespace saker
