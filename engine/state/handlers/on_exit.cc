// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

// prctl options, numbered as in Linux. Source: flags.json, prctl_options.
constexpr std::uint32_t kSetChildSubreaper = 36;
constexpr std::uint32_t kGetChildSubreaper = 37;

}  // namespace

void on_procexit(StateCore& core, const EventView& event) {
  constexpr std::size_t kReaperTid = 4;
  Thread& thread = *core.current.thread;
  thread.reaper_tid = event.get_signed(kReaperTid, -1);
  if (!thread.is_invalid) {
    core.threads.mark_dead(thread);
  }
  core.pending.has_exit = true;
  core.pending.exited_tid = thread.tid;
}

void on_prctl(StateCore& core, const EventView& event) {
  constexpr std::size_t kOption = 1;
  constexpr std::size_t kArg2 = 3;
  const auto option = event.get<std::uint32_t>(kOption);
  if (event.get_signed(0, -1) < 0 ||
      (option != kSetChildSubreaper && option != kGetChildSubreaper)) {
    return;
  }
  const Thread& thread = *core.current.thread;
  if (!thread.is_invalid) {
    thread.group->is_reaper = event.get_signed(kArg2, 0) != 0;
  }
}

}  // namespace saker
