// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Events of the running system, from BPF programs:
//
//   auto source = LiveSource::open(options, counters);   // events are collected from here on
//   while ((*source)->next(batch)) { ... }               // first the snapshot, then events
//
// Order. Every record carries the boot clock's time. next() gives events of all CPUs in the order
// of that time: an event is held back for a short window (LiveOptions::reorder_window_us), so that
// an older one that another CPU is still writing can overtake it. What comes later than that is
// delivered out of order rather than dropped.
//
// Snapshot. It is scanned after the programs are attached, so nothing is missed: what happens
// during the scan is an event after it. Such events may repeat what the scan already saw. That is
// harmless where an event says what is so (an open, a close, a clone, an exec, a new uid): applied
// twice it says the same, and the last one wins. It is not for the few that change something
// relative to what was before (a chdir to a relative path, names of files opened relative to it):
// for a process that does so between attach and scan (milliseconds), these names can be wrong until
// its next absolute chdir or exec.
#pragma once

#include <memory>

#include "bpf/user/live_options.h"
#include "engine/base/counters.h"
#include "engine/base/result.h"
#include "engine/event/event_source.h"

namespace saker::sensor {

class LiveSource : public EventSource {
public:
  // Loads and attaches the programs. `counters` must outlive the source. Fails with kUnsupported
  // when the kernel or this build cannot do it, kPermission without the needed rights, kIo with
  // the name of the refused program and the end of the verifier's log.
  [[nodiscard]] static Result<std::unique_ptr<LiveSource>> open(const LiveOptions& options,
                                                                Counters& counters);

  // The first call gives the snapshot and no events. Never ends by itself.
  [[nodiscard]] Result<SourceStatus> next(Batch& batch) override = 0;

  // Changes what the kernel delivers from now on. Fails when a tracepoint cannot be attached; the
  // selection then holds except for enter events.
  [[nodiscard]] virtual Status select(const Selection& selection) = 0;
  // One sentence per sign that somebody interferes with the programs in the kernel
  // (BpfObject::inspect()). From any thread.
  [[nodiscard]] virtual std::vector<std::string> inspect() = 0;
  // What became of the events: of all CPUs together, and of each.
  [[nodiscard]] virtual Ledger ledger() const = 0;
  [[nodiscard]] virtual std::vector<Ledger> ledgers() const = 0;
  [[nodiscard]] virtual std::vector<ProgramReport> program_reports() const = 0;
  // Ends the collection and returns what became of everything: the sums are exact now. next() must
  // not be called any more.
  [[nodiscard]] virtual FinalLedger finish() = 0;
  // Name of each loaded program and the instructions that the verifier processed.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::uint64_t>> programs() const = 0;
  // One sentence per thing that this kernel does not let us see; events go on without it.
  [[nodiscard]] virtual const std::vector<std::string>& missing() const = 0;
};

}  // namespace saker::sensor
