// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/doctor/loss_advice.h"

#include <algorithm>
#include <string_view>

#include "engine/base/counters.h"

namespace saker::app {

namespace {

struct LossAdvice {
  Counter counter;
  std::string_view cause;
  std::string_view knob;
};

// A row for every counter that tells of a loss or an error; a test checks that.
// clang-format off
constexpr LossAdvice kAdvice[] = {
    {Counter::kEventsMalformed, "a capture is damaged, or kernel programs and this binary are of different builds",
     "check the capture; restart so that the programs are loaded anew; report it if it stays"},
    {Counter::kEventsUnknownType, "a capture was made by a newer version",
     "replay it with a newer Saker"},
    {Counter::kThreadsDroppedFull, "more threads run than the table holds, so their events lack process facts",
     "raise falco_libs.thread_table_size"},
    {Counter::kFdsDroppedFull, "a process has more open files than are tracked, so fd.* fields of the rest are empty",
     "find the process (a leak?); nothing needs to be set"},
    {Counter::kFdsDroppedBudget, "all processes together have more open files than are tracked, so fd.* fields of the rest are empty",
     "find the processes with the most open files (a leak, or many copies of one?); nothing needs to be set"},
    {Counter::kScapEnterDroppedFull, "an old capture interleaves more calls than are remembered",
     "names in some events of this capture are missing; record it again with a current version"},
    {Counter::kScapSnapshotDroppedFull, "a capture's process list is larger than any real machine's",
     "the capture is damaged or made to harm; do not rely on its process facts"},
    {Counter::kSensorLostRingFull, "events come faster than they are read: the buffer is too small or the CPU too busy",
     "raise engine.modern_ebpf.buf_size_preset, lower engine.modern_ebpf.cpus_for_each_buffer, give the sensor more CPU, or narrow the rules (base_syscalls.custom_set, drop_failed_exit)"},
    {Counter::kSensorLostOther, "events larger than their scratch space, or a program interrupted by another",
     "lower falco_libs.snaplen if it was raised; a few are normal under load"},
    {Counter::kSensorValuesMissing, "memory of a traced process was not readable at that moment (paged out, or a bad pointer)",
     "nothing to set; rules on these values cannot match those events"},
    {Counter::kSensorValuesCut, "texts or lists were longer than the sensor keeps",
     "raise falco_libs.snaplen for data of reads and writes; paths and arguments have fixed limits"},
    {Counter::kContainerLookupsUnavailable, "a container runtime answers too slowly or not as expected",
     "look at the runtime's log and its socket's rights; saker doctor names the sockets"},
    {Counter::kContainerLookupsDroppedFull, "containers start faster than the runtime answers",
     "nothing to set: they are asked for again; their first alerts lack names and images"},
    {Counter::kEventsWaitedInVain, "the runtime needed longer for a new container than an event may wait",
     "those alerts are marked and lack container names; see why the runtime is slow"},
    {Counter::kEventsWaitingFull, "too many matching events waited for container metadata at once",
     "those alerts are marked and lack container names; see why the runtime is slow"},
};
// clang-format on

const LossAdvice* advice_for(std::string_view name) {
  const auto found = std::ranges::find_if(
      kAdvice, [&](const LossAdvice& row) { return counter_info(row.counter).name == name; });
  return found == std::end(kAdvice) ? nullptr : &*found;
}

}  // namespace

std::vector<Finding> find_losses(const std::map<std::string, std::uint64_t>& ledger) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    const CounterInfo& info = counter_info(static_cast<Counter>(i));
    const auto row = ledger.find(std::string(info.name));
    if (info.kind == CounterKind::kInfo || row == ledger.end() || row->second == 0) {
      continue;
    }
    const LossAdvice* advice = advice_for(info.name);
    Finding finding{.check = "losses." + std::string(info.name),
                    .health = Health::kWarning,
                    .message = std::to_string(row->second) + " " + std::string(info.unit) + ": " +
                               std::string(info.sentence),
                    .knob = ""};
    if (advice != nullptr) {
      finding.message += " Cause: " + std::string(advice->cause) + ".";
      finding.knob = advice->knob;
    }
    findings.push_back(std::move(finding));
  }
  if (findings.empty()) {
    findings.push_back({"losses", Health::kFine, "the running instance has lost nothing", ""});
  }
  return findings;
}

}  // namespace saker::app
