// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <chrono>
#include <thread>

#include "app/live_selection.h"
#include "app/sources.h"
#include "bpf/user/live_source.h"

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
  return {.events = std::make_unique<NoEvents>(), .stats = {}, .select = {}};
}

namespace {

// Sizes of buf_size_preset 1 to 10. Source: falco-compat.md 4.3 (1 MiB to 512 MiB).
constexpr std::uint64_t kPresets = 10;

std::uint32_t ring_bytes(std::uint64_t preset) {
  return static_cast<std::uint32_t>((1ULL << 20) << (preset - 1));
}

SourceStats stats_of(const sensor::Ledger& ledger) {
  return {.events = ledger.submitted + ledger.lost(),
          .drops = ledger.lost(),
          .drops_ring_full = ledger.lost_ring_full,
          .drops_scratch = ledger.lost_scratch,
          .page_faults = ledger.flaw_page_fault,
          .drops_bug = ledger.lost_tail_call + ledger.lost_internal,
          .is_ebpf = true};
}

}  // namespace

Result<OpenedSource> open_live(const config::Config& config, const RuleSet* rules,
                               Counters& counters) {
  const config::RingOptions& ring =
      config.engine.kind == "kmod" ? config.engine.kmod : config.engine.modern_ebpf;
  if (ring.buf_size_preset < 1 || ring.buf_size_preset > kPresets) {
    return fail(ErrorCode::kInvalidArgument, "buf_size_preset must be between 1 and 10, not " +
                                                 std::to_string(ring.buf_size_preset));
  }
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
  SAKER_ASSIGN_OR_RETURN(auto source, sensor::LiveSource::open(options, counters));
  sensor::LiveSource* live = source.get();
  return OpenedSource{
      .events = std::move(source),
      .stats = [live] { return stats_of(live->ledger()); },
      .select = [live, base = config.base_syscalls](
                    const RuleSet& new_rules) { live->select(select_events(base, new_rules)); }};
}

}  // namespace saker::app
