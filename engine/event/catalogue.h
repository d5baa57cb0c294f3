// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The event catalogue: one row per event type, one per flag table, one per system call. It serves
// the decoder, the capture converter, the fields, the listings and the documentation.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/event/event_type.h"
#include "engine/event/param_type.h"

namespace saker {

enum class EventCategory : std::uint8_t {
  kUnknown = 0,
  kOther = 1,
  kFile = 2,
  kNet = 3,
  kIpc = 4,
  kMemory = 5,
  kProcess = 6,
  kSleep = 7,
  kSystem = 8,
  kSignal = 9,
  kUser = 10,
  kTime = 11,
  kProcessing = 12,
  kIoRead = 32,
  kIoWrite = 33,
  kIoOther = 34,
  kWait = 64,
  kScheduler = 128,
  kInternal = 255,
};

enum class EventKind : std::uint8_t {
  kSyscall,
  kTracepoint,
  kMetaevent,
  kPlugin,
  kIterator,
  kUnused
};

// Bits of EventInfo::flags.
namespace event_flag {
inline constexpr std::uint16_t kCreatesFd = 1 << 0;
inline constexpr std::uint16_t kDestroysFd = 1 << 1;
inline constexpr std::uint16_t kUsesFd = 1 << 2;
inline constexpr std::uint16_t kReadsFromFd = 1 << 3;
inline constexpr std::uint16_t kWritesToFd = 1 << 4;
inline constexpr std::uint16_t kModifiesState = 1 << 5;
inline constexpr std::uint16_t kUnused = 1 << 6;
inline constexpr std::uint16_t kWaits = 1 << 7;
inline constexpr std::uint16_t kSkipparsereset = 1 << 8;
inline constexpr std::uint16_t kOldVersion = 1 << 9;
inline constexpr std::uint16_t kLargePayload = 1 << 10;  // parameter lengths are 32 bit
inline constexpr std::uint16_t kConverterManaged = 1 << 11;
}  // namespace event_flag

enum class FlagTable : std::uint8_t {
  kNone,
#define SAKER_FLAG_TABLE(enumerator) enumerator,
#include "engine/event/flag_table_ids.inc"
#undef SAKER_FLAG_TABLE
};

struct FlagName {
  std::string_view name;
  std::uint32_t value;
};

struct ParamInfo {
  std::string_view name;
  ParamType type = ParamType::kNone;
  ParamFormat format = ParamFormat::kDefault;
  FlagTable flags = FlagTable::kNone;
  std::int8_t dirfd_param = -1;              // of FSRELPATH: position of its directory fd
  std::span<const ParamInfo> variants = {};  // of DYN: selected by the value's first byte
};

struct EventInfo {
  EventType type;
  std::string_view name;        // what evt.type prints
  std::string_view identifier;  // upstream's unique name, PPME_…
  EventCategory category;
  std::uint16_t category_bits;
  EventKind kind;
  std::uint16_t flags;  // event_flag
  bool is_nameable;     // may stand in evt.type conditions
  std::span<const ParamInfo> params;

  [[nodiscard]] bool has(std::uint16_t flag) const { return (flags & flag) != 0; }
  // Produced by a current sensor: neither an old version nor an unused slot.
  [[nodiscard]] bool is_current() const {
    return !has(event_flag::kOldVersion) && !has(event_flag::kUnused);
  }
};

struct SyscallInfo {
  std::uint16_t code;  // Falco's internal number ("ppm_sc")
  std::string_view name;
  std::int16_t x86_64_number;  // -1: not on x86_64
  EventType exit_event;        // kGenericX: no type of its own
};

// `type` must be below kEventTypeCount.
[[nodiscard]] const EventInfo& event_info(EventType type);
[[nodiscard]] std::span<const EventInfo> all_events();

// Whether rules see events of this type. Unused slots mean nothing; changes of users and groups and
// enter events of system calls only update state.
// Source: data of the reference (the first 72 events of each capture; opens in old captures).
[[nodiscard]] bool reaches_rules(EventType type);

[[nodiscard]] std::span<const FlagName> flag_names(FlagTable table);
[[nodiscard]] std::string_view flag_table_name(FlagTable table);

[[nodiscard]] std::span<const SyscallInfo> all_syscalls();
// Null when the code is not in use.
[[nodiscard]] const SyscallInfo* syscall_by_code(std::uint16_t code);
[[nodiscard]] const SyscallInfo* syscall_by_name(std::string_view name);

// The category as evt.category prints it, for example "IPC" or "file".
[[nodiscard]] std::string_view to_text(EventCategory category);

}  // namespace saker
