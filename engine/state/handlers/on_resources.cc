// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

constexpr std::uint8_t kNofile = 7;  // RLIMIT_NOFILE; flags.json, rlimit_resources

void set_memory(const EventView& event, std::size_t first, Thread& thread) {
  thread.vmsize_kb = event.get<std::uint32_t>(first, thread.vmsize_kb);
  thread.vmrss_kb = event.get<std::uint32_t>(first + 1, thread.vmrss_kb);
  thread.vmswap_kb = event.get<std::uint32_t>(first + 2, thread.vmswap_kb);
}

}  // namespace

void on_rlimit(StateCore& core, const EventView& event) {
  constexpr std::size_t kCurrent = 1;
  constexpr std::size_t kResource = 3;
  if (event.get_signed(0, -1) >= 0 && event.get<std::uint8_t>(kResource, 0xff) == kNofile) {
    core.current.thread->fdlimit = event.get_signed(kCurrent, -1);
  }
}

void on_prlimit(StateCore& core, const EventView& event) {
  constexpr std::size_t kNewCurrent = 1;
  constexpr std::size_t kPid = 5;
  constexpr std::size_t kResource = 6;
  const std::int64_t limit = event.get_signed(kNewCurrent, -1);
  if (event.get_signed(0, -1) < 0 || event.get<std::uint8_t>(kResource, 0xff) != kNofile ||
      limit == -1) {
    return;
  }
  const std::int64_t pid = event.get_signed(kPid, 0);
  Thread* target = pid == 0 ? core.current.thread : core.find_or_ask(pid);
  if (target != nullptr) {
    target->fdlimit = limit;
  }
}

void on_memory(StateCore& core, const EventView& event) {
  constexpr std::size_t kVmsize = 1;
  set_memory(event, kVmsize, *core.current.thread);
}

// Page faults are the thread's own, memory is its process'.
void on_switch(StateCore& core, const EventView& event) {
  constexpr std::size_t kPfmajor = 1;
  constexpr std::size_t kPfminor = 2;
  constexpr std::size_t kVmsize = 3;
  Thread& thread = *core.current.thread;
  thread.pfmajor = event.get<std::uint64_t>(kPfmajor, thread.pfmajor);
  thread.pfminor = event.get<std::uint64_t>(kPfminor, thread.pfminor);
  if (Thread* main = core.threads.main_of(thread)) {
    set_memory(event, kVmsize, *main);
  }
}

}  // namespace saker
