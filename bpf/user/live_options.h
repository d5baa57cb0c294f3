// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a LiveSource is told, and what it tells about losses.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/event_type.h"

namespace saker::sensor {

// Which events the kernel shall deliver.
struct Selection {
  // Every system call and every tracepoint that the sensor knows. The lists are then not read.
  bool all = false;
  // Falco's codes of system calls (SyscallInfo::code). Calls without an event type of their own
  // come as generic events. Calls that this architecture does not have are ignored.
  std::vector<std::uint16_t> syscall_codes;
  // kProcexitV1E and kSignaldeliverE; of open, openat, openat2, creat and connect also the enter
  // events (kSyscallOpenE ...), which show arguments before another thread can change them.
  std::vector<EventType> events;
};

struct LiveOptions {
  Selection selection;
  // Size of one ring buffer; rounded up to a power of two of at least one page.
  std::uint32_t ring_bytes = 8U << 20;
  // CPUs that share a ring buffer; 0: all of them.
  std::uint32_t cpus_per_ring = 2;
  // Bytes of payload that read, write and their relatives keep. At most 32768.
  std::uint32_t snaplen = 80;
  // Leave out events of failed calls.
  bool drop_failed_exit = false;
  // How long next() waits for events.
  std::uint32_t poll_timeout_ms = 100;
  // How long an event is held back so that older ones of other CPUs can be sorted before it.
  std::uint32_t reorder_window_us = 2000;
  // Id of the only control group (v2) whose processes are watched; 0: all. What happens elsewhere
  // is not even in the ledger. For measurements.
  std::uint64_t only_cgroup = 0;
  bool with_snapshot = true;
  // Where the snapshot is read from.
  std::string proc_root = "/proc";
};

// What the ledger tells apart, as Falco's drop alerts do.
enum class EventClass : std::uint8_t {
  kOther,
  kCloneFork,
  kExecve,
  kConnect,
  kOpen,
  kDirFile,
  kOtherInterest,
  kClose,
  kProc,
};
inline constexpr std::size_t kEventClassCount = 9;

// "other", "clone_fork" ...
[[nodiscard]] std::string_view to_text(EventClass event_class);
// Of an event and of the system call that it tells of.
[[nodiscard]] EventClass class_of(EventType type);

// The ledger of one class; the sum is that of Ledger.
struct ClassLedger {
  std::uint64_t seen = 0;
  std::uint64_t submitted = 0;
  std::uint64_t filtered = 0;
  std::uint64_t lost_ring_full = 0;
  std::uint64_t lost_other = 0;
};

// Costs of one loaded program. The last two are counted while somebody holds RunStatistics.
struct ProgramReport {
  std::string name;
  std::uint64_t verified_instructions = 0;  // instructions that the verifier went through
  std::uint64_t run_count = 0;
  std::uint64_t run_time_ns = 0;
};

// What became of every tracepoint hit. seen = filtered_* + submitted + lost_*, as soon as no
// program is running.
struct Ledger {
  std::uint64_t seen = 0;
  std::uint64_t submitted = 0;
  std::uint64_t filtered_own = 0;        // the sensor's own doing
  std::uint64_t filtered_unwanted = 0;   // not selected
  std::uint64_t filtered_failed = 0;     // drop_failed_exit
  std::uint64_t filtered_redundant = 0;  // told by another tracepoint
  std::uint64_t lost_ring_full = 0;
  std::uint64_t lost_scratch = 0;    // record too large
  std::uint64_t lost_tail_call = 0;  // program missing
  std::uint64_t lost_nested = 0;     // one program interrupted another
  std::uint64_t lost_internal = 0;
  // Flaws inside submitted records.
  std::uint64_t flaw_page_fault = 0;  // values left empty: memory not readable
  std::uint64_t flaw_truncated = 0;   // texts cut
  // The same by class; for each of them the sum holds, too.
  std::array<ClassLedger, kEventClassCount> by_class{};

  [[nodiscard]] std::uint64_t filtered() const {
    return filtered_own + filtered_unwanted + filtered_failed + filtered_redundant;
  }
  [[nodiscard]] std::uint64_t lost() const {
    return lost_ring_full + lost_scratch + lost_tail_call + lost_nested + lost_internal;
  }
};

struct FinalLedger {
  Ledger kernel;
  std::uint64_t unread = 0;  // submitted, but not delivered by next()
};

}  // namespace saker::sensor
