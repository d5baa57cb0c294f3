// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/live_source.h"

#include <time.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "bpf/shared/record.h"
#include "bpf/user/bpf_object.h"
#include "bpf/user/ring_reader.h"
#include "bpf/user/snapshot_scan.h"
#include "engine/event/event_view.h"

namespace saker::sensor {
namespace {

// Records taken from one ring per call, so that a flood of one CPU cannot delay a batch for ever.
constexpr std::size_t kMaxRecordsPerRing = 8192;
// Between two looks at the rings. The kernel side does not wake us: a wake-up per event costs more
// than the event.
constexpr std::uint64_t kMinPollNs = 1'000'000;
// While nothing happens the looks become rarer, up to this.
constexpr std::uint64_t kMaxPollNs = 16'000'000;
constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
// Between two copies of the ledger into the counters.
constexpr std::uint64_t kLedgerNs = 500'000'000;

std::uint64_t clock_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * kNsPerSecond +
         static_cast<std::uint64_t>(now.tv_nsec);
}

void sleep_ns(std::uint64_t duration) {
  const timespec request{static_cast<time_t>(duration / kNsPerSecond),
                         static_cast<long>(duration % kNsPerSecond)};  // NOLINT
  ::nanosleep(&request, nullptr);
}

// One record that was read and not yet released.
struct Held {
  std::uint64_t ts_ns = 0;
  std::uint64_t end = 0;
  Bytes record;  // without the prefix
  std::uint16_t cpu = 0;
  bool is_delivered = false;
};

struct Ring {
  explicit Ring(RingReader ring_reader) : reader(std::move(ring_reader)) {}

  RingReader reader;
  std::vector<Held> held;  // in the order of the ring
};

// Position of a held record: ring, index.
struct Candidate {
  std::uint64_t ts_ns = 0;
  std::uint32_t ring = 0;
  std::uint32_t index = 0;

  bool operator<(const Candidate& other) const {
    return std::tie(ts_ns, ring, index) < std::tie(other.ts_ns, other.ring, other.index);
  }
};

class RingLiveSource final : public LiveSource {
public:
  RingLiveSource(std::unique_ptr<BpfObject> object, std::vector<Ring> rings, LiveOptions options,
                 std::uint64_t boot_epoch_ns, Counters& counters)
      : object_(std::move(object)),
        rings_(std::move(rings)),
        options_(std::move(options)),
        boot_epoch_ns_(boot_epoch_ns),
        counters_(&counters) {}

  Result<SourceStatus> next(Batch& batch) override;
  Status select(const Selection& selection) override { return object_->select(selection); }
  [[nodiscard]] std::vector<std::string> inspect() override { return object_->inspect(); }
  [[nodiscard]] Ledger ledger() const override { return object_->ledger(); }
  [[nodiscard]] FinalLedger finish() override;
  [[nodiscard]] std::vector<Ledger> ledgers() const override { return object_->ledgers(); }
  [[nodiscard]] std::vector<ProgramReport> program_reports() const override {
    return object_->programs();
  }
  [[nodiscard]] const std::vector<std::string>& missing() const override {
    return object_->missing();
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> programs() const override {
    std::vector<std::pair<std::string, std::uint64_t>> result;
    for (ProgramReport& report : object_->programs()) {
      result.emplace_back(std::move(report.name), report.verified_instructions);
    }
    return result;
  }

private:
  void release_delivered();
  std::uint64_t read_rings();
  void collect(std::uint64_t until_ns);
  void copy_ledger(std::uint64_t now_ns);

  std::unique_ptr<BpfObject> object_;
  std::vector<Ring> rings_;
  LiveOptions options_;
  std::uint64_t boot_epoch_ns_;
  Counters* counters_;
  std::uint64_t next_ledger_ns_ = 0;
  std::uint64_t last_ts_ns_ = 0;
  std::uint64_t poll_ns_ = kMinPollNs;
  bool is_snapshot_given_ = false;
  Snapshot snapshot_;
  std::vector<Candidate> candidates_;
  std::vector<RawEvent> events_;
};

// Gives back what the last batch lent out, as far as nothing before it is still held.
void RingLiveSource::release_delivered() {
  for (Ring& ring : rings_) {
    std::size_t done = 0;
    while (done < ring.held.size() && ring.held[done].is_delivered) {
      ++done;
    }
    if (done > 0) {
      ring.reader.release(ring.held[done - 1].end);
      ring.held.erase(ring.held.begin(), ring.held.begin() + static_cast<std::ptrdiff_t>(done));
    }
  }
}

// Reads what the rings hold. Returns the time up to which nothing older can follow any more.
std::uint64_t RingLiveSource::read_rings() {
  const std::uint64_t window = std::uint64_t{options_.reorder_window_us} * 1000;
  std::uint64_t safe = clock_ns(CLOCK_BOOTTIME) + boot_epoch_ns_ - window;
  for (Ring& ring : rings_) {
    RingReader::Item item;
    std::size_t taken = 0;
    while (taken < kMaxRecordsPerRing && ring.reader.next(item)) {
      ++taken;
      // Too short to hold a time: the engine counts it as malformed.
      Held held;
      held.end = item.end;
      if (item.record.size() >= sizeof(saker_record_prefix) + kEventHeaderBytes) {
        held.cpu = load_le<std::uint16_t>(item.record, 0);
        held.record = item.record.subspan(sizeof(saker_record_prefix));
        held.ts_ns = load_le<std::uint64_t>(held.record, 0);
      }
      ring.held.push_back(held);
    }
    if (taken == kMaxRecordsPerRing) {
      safe = std::min(safe, ring.held.back().ts_ns - std::min(ring.held.back().ts_ns, window));
    }
  }
  return safe;
}

// Fills the batch with the held events up to `until_ns`, oldest first.
void RingLiveSource::collect(std::uint64_t until_ns) {
  candidates_.clear();
  events_.clear();
  for (std::uint32_t r = 0; r < rings_.size(); ++r) {
    auto& held = rings_[r].held;
    for (std::uint32_t i = 0; i < held.size(); ++i) {
      if (!held[i].is_delivered && held[i].ts_ns <= until_ns) {
        candidates_.push_back({held[i].ts_ns, r, i});
      }
    }
  }
  std::sort(candidates_.begin(), candidates_.end());
  for (const Candidate& candidate : candidates_) {
    Held& held = rings_[candidate.ring].held[candidate.index];
    held.is_delivered = true;
    if (held.ts_ns < last_ts_ns_) {
      counters_->add(Counter::kSensorLate);
    }
    last_ts_ns_ = std::max(last_ts_ns_, held.ts_ns);
    RawEvent event;
    event.bytes = held.record;
    event.cpu = held.cpu;
    events_.push_back(event);
  }
}

void RingLiveSource::copy_ledger(std::uint64_t now_ns) {
  if (now_ns < next_ledger_ns_) {
    return;
  }
  next_ledger_ns_ = now_ns + kLedgerNs;
  const Ledger sum = object_->ledger();
  counters_->set(Counter::kSensorSeen, sum.seen);
  counters_->set(Counter::kSensorFiltered, sum.filtered());
  counters_->set(Counter::kSensorSubmitted, sum.submitted);
  counters_->set(Counter::kSensorLostRingFull, sum.lost_ring_full);
  counters_->set(Counter::kSensorLostOther, sum.lost() - sum.lost_ring_full);
  counters_->set(Counter::kSensorValuesMissing, sum.flaw_page_fault);
  counters_->set(Counter::kSensorValuesCut, sum.flaw_truncated);
}

FinalLedger RingLiveSource::finish() {
  // Programs that run at this moment still end; none takes anywhere near as long.
  constexpr std::uint64_t kGraceNs = 50'000'000;
  object_->detach();
  sleep_ns(kGraceNs);
  FinalLedger result{.kernel = object_->ledger()};
  for (Ring& ring : rings_) {
    for (const Held& held : ring.held) {
      result.unread += held.is_delivered ? 0 : 1;
    }
    for (RingReader::Item item; ring.reader.next(item);) {
      ++result.unread;
    }
  }
  next_ledger_ns_ = 0;
  copy_ledger(clock_ns(CLOCK_MONOTONIC));
  return result;
}

Result<SourceStatus> RingLiveSource::next(Batch& batch) {
  batch = Batch{};
  if (!is_snapshot_given_) {
    is_snapshot_given_ = true;
    if (options_.with_snapshot) {
      snapshot_ = scan_snapshot(options_.proc_root, boot_epoch_ns_);
      batch.snapshot = &snapshot_;
      return SourceStatus::kEvents;
    }
  }
  snapshot_ = Snapshot{};
  release_delivered();
  const std::uint64_t begin = clock_ns(CLOCK_MONOTONIC);
  const std::uint64_t deadline = begin + std::uint64_t{options_.poll_timeout_ms} * 1'000'000;
  copy_ledger(begin);
  while (true) {
    collect(read_rings());
    if (!events_.empty()) {
      poll_ns_ = kMinPollNs;
      batch.events = events_;
      return SourceStatus::kEvents;
    }
    const std::uint64_t now = clock_ns(CLOCK_MONOTONIC);
    if (now >= deadline) {
      return SourceStatus::kTimeout;
    }
    sleep_ns(std::min(poll_ns_, deadline - now));
    poll_ns_ = std::min(poll_ns_ * 2, kMaxPollNs);
  }
}

}  // namespace

Result<std::unique_ptr<LiveSource>> LiveSource::open(const LiveOptions& options,
                                                     Counters& counters) {
  const std::uint64_t boot_epoch_ns = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME);
  SAKER_ASSIGN_OR_RETURN(auto object, BpfObject::load(options, boot_epoch_ns));
  std::vector<Ring> rings;
  for (const int fd : object->ring_fds()) {
    SAKER_ASSIGN_OR_RETURN(auto reader, RingReader::open(fd, object->ring_bytes()));
    rings.emplace_back(std::move(reader));
  }
  return std::make_unique<RingLiveSource>(std::move(object), std::move(rings), options,
                                          boot_epoch_ns, counters);
}

}  // namespace saker::sensor
