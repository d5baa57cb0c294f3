// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <chrono>
#include <thread>

#include "app/live_selection.h"
#include "app/proc_facts.h"
#include "app/sources.h"
#include "bpf/user/live_source.h"
#include "bpf/user/probe.h"

namespace saker::app {

namespace {

class NoEvents final : public EventSource {
public:
  Result<SourceStatus> next(Batch& batch) override {
    constexpr std::chrono::milliseconds kPause{100};
    batch = Batch{};
    std::this_thread::sleep_for(kPause);
    return SourceStatus::kTimeout;
  }
};

}  // namespace

OpenedSource open_none() {
  return {.events = std::make_unique<NoEvents>(), .engine_name = "nodriver"};
}

namespace {

// Sizes of buf_size_preset 1 to 10. Source: falco-compat.md 4.3 (1 MiB to 512 MiB).
constexpr std::uint64_t kPresets = 10;

std::uint32_t ring_bytes(std::uint64_t preset) {
  return static_cast<std::uint32_t>((1ULL << 20) << (preset - 1));
}

const config::RingOptions& ring_options(const config::Config& config) {
  return config.engine.kind == "kmod" ? config.engine.kmod : config.engine.modern_ebpf;
}

sensor::Selection joined(const sensor::Selection& one, const sensor::Selection& other) {
  sensor::Selection both = one;
  both.all = one.all || other.all;
  both.syscall_codes.insert(both.syscall_codes.end(), other.syscall_codes.begin(),
                            other.syscall_codes.end());
  both.events.insert(both.events.end(), other.events.begin(), other.events.end());
  return both;
}

SourceStats stats_of(const sensor::Ledger& ledger) {
  SourceStats stats = {
      .events = ledger.submitted + ledger.lost(),
      .drops = ledger.lost(),
      .drops_ring_full = ledger.lost_ring_full,
      .drops_scratch = ledger.lost_scratch,
      .page_faults = ledger.flaw_page_fault,
      .drops_bug = ledger.lost_tail_call + ledger.lost_nested + ledger.lost_internal,
      .drops_by_category = {},
      .is_ebpf = true,
      .hits = ledger.seen};
  for (std::size_t i = 0; i < sensor::kEventClassCount; ++i) {
    const std::string_view name = to_text(sensor::EventClass{static_cast<std::uint8_t>(i)});
    const auto* category = std::ranges::find(kDropCategories, name);
    if (category != kDropCategories.end()) {
      stats.drops_by_category[static_cast<std::size_t>(category - kDropCategories.begin())] =
          ledger.by_class[i].lost_ring_full;
    }
  }
  return stats;
}

metrics::KernelCounts kernel_counts(const sensor::LiveSource& live) {
  const SourceStats stats = stats_of(live.ledger());
  metrics::KernelCounts counts{.is_known = true,
                               .events = stats.events,
                               .drops = stats.drops,
                               .drops_ring_full = stats.drops_ring_full,
                               .drops_scratch = stats.drops_scratch,
                               .page_faults = stats.page_faults,
                               .drops_bug = stats.drops_bug};
  for (std::size_t i = 0; i < kDropCategories.size(); ++i) {
    counts.drops_by_category[std::string(kDropCategories[i])] = stats.drops_by_category[i];
  }
  for (const sensor::Ledger& ledger : live.ledgers()) {
    counts.cpus.push_back({.events = ledger.submitted + ledger.lost(), .drops = ledger.lost()});
  }
  for (const sensor::ProgramReport& program : live.program_reports()) {
    counts.programs.push_back({program.name, program.run_count, program.run_time_ns});
  }
  return counts;
}

}  // namespace

Status check_live(const config::Config& config) {
  const std::uint64_t preset = ring_options(config).buf_size_preset;
  if (preset < 1 || preset > kPresets) {
    return fail(ErrorCode::kInvalidArgument,
                "buf_size_preset must be between 1 and 10, not " + std::to_string(preset));
  }
  return {};
}

Result<OpenedSource> open_live(const config::Config& config, const RuleSet* rules,
                               Counters& counters) {
  SAKER_RETURN_IF_ERROR(check_live(config));
  const config::RingOptions& ring = ring_options(config);
  sensor::LiveOptions options;
  if (rules != nullptr) {
    options.selection = select_events(config.base_syscalls, *rules);
  } else {
    options.selection.all = true;
  }
  options.ring_bytes = ring_bytes(ring.buf_size_preset);
  options.cpus_per_ring = static_cast<std::uint32_t>(ring.cpus_for_each_buffer);
  options.drop_failed_exit = ring.drop_failed_exit;
  if (config.falco_libs.snaplen != 0) {
    options.snaplen = static_cast<std::uint32_t>(config.falco_libs.snaplen);
  }
  auto opened = sensor::LiveSource::open(options, counters);
  if (!opened) {
    return fail(opened.error().code,
                sensor::explain_failure(opened.error().message, sensor::probe()));
  }
  auto source = std::move(*opened);
  sensor::LiveSource* live = source.get();
  return OpenedSource{
      .events = std::move(source),
      .facts = std::make_unique<ProcFacts>(options.proc_root),
      .stats = [live] { return stats_of(live->ledger()); },
      .select = [live, earlier = options.selection](const RuleSet& new_rules,
                                                    const config::BaseSyscalls& base,
                                                    bool keeps_earlier) mutable -> Status {
        const sensor::Selection selection = select_events(base, new_rules);
        SAKER_RETURN_IF_ERROR(live->select(keeps_earlier ? joined(earlier, selection) : selection));
        earlier = selection;
        return {};
      },
      .finish =
          [live] {
            const sensor::FinalLedger ledger = live->finish();
            return SourceLedger{.seen = ledger.kernel.seen,
                                .submitted = ledger.kernel.submitted,
                                .filtered = ledger.kernel.filtered(),
                                .lost = ledger.kernel.lost(),
                                .unread = ledger.unread};
          },
      .missing = live->missing(),
      .inspect = [live] { return live->inspect(); },
      .kernel = [live] { return kernel_counts(*live); },
      .engine_name = "modern_bpf"};
}

}  // namespace saker::app
