// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/recording/rule_captures.h"

#include <algorithm>
#include <utility>

namespace saker::app {

namespace {

constexpr std::uint64_t kNsPerMs = 1'000'000;

std::string twenty_digits(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(20 - digits.size(), '0') + digits;
}

}  // namespace

RuleCaptures::RuleCaptures(RuleCaptureOptions options,
                           std::function<void(const CaptureReport&)> report)
    : options_(std::move(options)),
      writer_({.is_synchronous = options_.is_replay,
               .report = [this, report = std::move(report)](const CaptureReport& file) {
                 if (file.has_reached_size) {
                   full_file_ = file.number;
                 }
                 report(file);
               }}) {
  if (options_.keep_before_ns != 0) {
    memory_.emplace(EventMemoryOptions{.keep_ns = options_.keep_before_ns,
                                       .max_bytes = options_.keep_before_max_bytes});
  }
}

void RuleCaptures::on_snapshot(const Snapshot& snapshot) {
  end();
  shares_.clear();  // another capture's time may be an earlier one
  late_.clear();
  if (memory_) {
    memory_->clear();
    memory_->begin(snapshot, 0);
  }
}

bool RuleCaptures::on_event(const SeenEvent& seen) {
  const std::uint64_t ts_ns = seen.context.event.ts_ns();
  if (memory_) {
    memory_->add(seen.raw, ts_ns, State::is_changed_by(seen.context.event, seen.context.applied));
  }
  const std::uint64_t until_ns = seen.matches.empty() && late_.empty() ? 0 : wanted_until(seen);
  if (until_ns != 0 && !is_active_) {
    begin(seen);
    until_ns_ = until_ns;
    grant_wishes();
  } else if (is_active_) {
    // A file that has reached its size is not prolonged: the next one may begin when its time is
    // over, so that a flood of matches fills the disk no faster than that.
    const bool is_full = full_file_.load(std::memory_order_relaxed) == file_number_;
    if (!is_full) {
      until_ns_ = std::max(until_ns_, until_ns);
      grant_wishes();
    }
    writer_.add(seen.raw);
    ++event_count_;
  }
  if (is_active_ &&
      (ts_ns > until_ns_ || (options_.max_events != 0 && event_count_ >= options_.max_events))) {
    end();
  }
  return true;
}

void RuleCaptures::on_retired(const State& state, std::uint64_t ts_ns) {
  if (memory_ && memory_->wants_snapshot(ts_ns)) [[unlikely]] {
    memory_->begin(state.snapshot(), ts_ns);
  }
}

// A capture that fails is reported; the run goes on.
Status RuleCaptures::finish() {
  end();
  writer_.finish();
  return {};
}

std::uint64_t RuleCaptures::duration_of(const Rule& rule) const {
  if (!options_.captures_every_rule && !rule.has_capture) {
    return 0;
  }
  return rule.capture_duration_ms != 0 ? rule.capture_duration_ms * kNsPerMs
                                       : options_.default_duration_ns;
}

// The event is past; the capture begins with the next one.
void RuleCaptures::on_late_match(const Rule& rule) {
  if (const std::uint64_t duration_ns = duration_of(rule); duration_ns != 0) {
    Share& share = share_of(rule);
    if (share.late_duration_ns == 0) {
      late_.push_back(&share);
    }
    share.late_duration_ns = duration_ns;
  }
}

RuleCaptures::Share& RuleCaptures::share_of(const Rule& rule) {
  const auto at = shares_.find(std::string_view(rule.name));
  return at != shares_.end() ? at->second : shares_[rule.name];
}

void RuleCaptures::wish(Share& share, std::uint64_t ts_ns, std::uint64_t duration_ns) {
  const bool has_this_file = is_active_ && share.file_number == file_number_;
  if (duration_ns != 0 && (has_this_file || ts_ns >= share.next_ns)) {
    wishes_.push_back({&share, ts_ns + duration_ns});
  }
}

void RuleCaptures::grant_wishes() {
  for (const Wish& wanted : wishes_) {
    wanted.share->file_number = file_number_;
    wanted.share->next_ns = std::max(wanted.until_ns, begin_ns_ + options_.min_interval_ns);
  }
}

std::uint64_t RuleCaptures::wanted_until(const SeenEvent& seen) {
  const std::uint64_t ts_ns = seen.context.event.ts_ns();
  wishes_.clear();
  for (Share* share : late_) {
    wish(*share, ts_ns, std::exchange(share->late_duration_ns, 0));
  }
  late_.clear();
  for (const RuleId id : seen.matches) {
    const Rule& rule = seen.rules.rule(id);
    if (const std::uint64_t duration_ns = duration_of(rule); duration_ns != 0) {
      wish(share_of(rule), ts_ns, duration_ns);
    }
  }
  std::uint64_t until_ns = 0;
  for (const Wish& wanted : wishes_) {
    until_ns = std::max(until_ns, wanted.until_ns);
  }
  return until_ns;
}

void RuleCaptures::begin(const SeenEvent& seen) {
  const std::uint64_t ts_ns = seen.context.event.ts_ns();
  const CaptureFile file{.path = options_.path_prefix + "_" + twenty_digits(ts_ns) + "_" +
                                 twenty_digits(seen.context.number) + ".scap",
                         .max_bytes = options_.max_file_bytes,
                         .number = ++file_number_};
  begin_ns_ = ts_ns;
  event_count_ = 1;
  if (writer_.is_full()) {
    writer_.refuse(file);  // before anything is copied
    return;
  }
  is_active_ = true;
  const bool has_past =
      memory_ && memory_->replay(
                     ts_ns, [&](const Snapshot& snapshot) { writer_.begin(file, snapshot); },
                     [&](const RawEvent& event) { writer_.add(event); });
  if (!has_past) {
    writer_.begin(file, seen.context.state.snapshot());
    writer_.add(seen.raw);
  }
}

void RuleCaptures::end() {
  if (std::exchange(is_active_, false)) {
    writer_.end();
  }
}

}  // namespace saker::app
