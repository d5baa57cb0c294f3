// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/source_monitor.h"

#include <array>

namespace saker::app {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::string_view kDropRule = "Falco internal: syscall event drop";
constexpr std::string_view kTimeoutRule = "Falco internal: timeouts notification";

SourceStats difference(const SourceStats& now, const SourceStats& before) {
  SourceStats delta = {.events = now.events - before.events,
                       .drops = now.drops - before.drops,
                       .drops_ring_full = now.drops_ring_full - before.drops_ring_full,
                       .drops_scratch = now.drops_scratch - before.drops_scratch,
                       .page_faults = now.page_faults - before.page_faults,
                       .drops_bug = now.drops_bug - before.drops_bug,
                       .drops_by_category = {},
                       .is_ebpf = now.is_ebpf};
  for (std::size_t i = 0; i < kDropCategories.size(); ++i) {
    delta.drops_by_category[i] = now.drops_by_category[i] - before.drops_by_category[i];
  }
  return delta;
}

std::map<std::string, Notice::FieldValue> fields_of(const SourceStats& delta) {
  std::map<std::string, Notice::FieldValue> fields = {
      {"n_evts", std::to_string(delta.events)},
      {"n_drops", std::to_string(delta.drops)},
      {"n_drops_buffer_total", std::to_string(delta.drops_ring_full)},
      {"n_drops_scratch_map", std::to_string(delta.drops_scratch)},
      {"n_drops_page_faults", std::to_string(delta.page_faults)},
      {"n_drops_bug", std::to_string(delta.drops_bug)},
      {"ebpf_enabled", std::string(delta.is_ebpf ? "1" : "0")},
  };
  for (std::size_t i = 0; i < kDropCategories.size(); ++i) {
    fields.emplace("n_drops_buffer_" + std::string(kDropCategories[i]) + "_exit",
                   std::to_string(delta.drops_by_category[i]));
  }
  return fields;
}

}  // namespace

SourceMonitor::SourceMonitor(const config::Config& config, std::function<SourceStats()> stats,
                             Outputs& outputs, Log& log)
    : options_(config.drops),
      max_timeouts_(config.timeouts_max_consecutives),
      stats_(std::move(stats)),
      outputs_(outputs),
      log_(log),
      bucket_(options_.rate, options_.max_burst) {}

void SourceMonitor::set_options(const config::Config& config) {
  options_ = config.drops;
  max_timeouts_ = config.timeouts_max_consecutives;
  bucket_ = TokenBucket(options_.rate, options_.max_burst);
}

Status SourceMonitor::check_drops(std::uint64_t ts_ns) {
  const bool is_first = next_check_ns_ == 0;
  next_check_ns_ = ts_ns + kNsPerSecond;
  const SourceStats now = stats_ ? stats_() : SourceStats{};
  SourceStats delta = difference(now, last_);
  earlier_drops_ = last_.drops;
  last_ = now;
  if (is_first) {
    return {};
  }
  double threshold = options_.threshold;
  if (options_.simulate_drops) {
    delta.drops += 1;
    threshold = 0;
  }
  const double seen = static_cast<double>(std::max<std::uint64_t>(delta.events, 1));
  if (delta.drops == 0 || static_cast<double>(delta.drops) / seen <= threshold) {
    return {};
  }
  ++drop_seconds_;
  return bucket_.take(ts_ns) ? act(ts_ns, delta) : Status{};
}

std::uint64_t SourceMonitor::recent_losses() const {
  return stats_ ? stats_().drops - earlier_drops_ : 0;
}

Status SourceMonitor::act(std::uint64_t ts_ns, const SourceStats& delta) {
  ++action_count_;
  const std::string text = std::string(kDropRule) + ". " + std::to_string(delta.drops) +
                           " system calls dropped in last second.";
  for (const std::string& action : options_.actions) {
    if (action == "log") {
      log_.debug(text);
    } else if (action == "alert") {
      outputs_.push(OutputMessage(Notice{.ts_ns = ts_ns,
                                         .priority = Priority::kDebug,
                                         .rule = std::string(kDropRule),
                                         .message = text,
                                         .fields = fields_of(delta)}));
    } else if (action == "exit") {
      log_.write(Priority::kCritical, text + " Exiting.");
      return fail(ErrorCode::kLimit,
                  "Drop manager internal error: exiting because of dropped events");
    }
  }
  return {};
}

void SourceMonitor::on_timeout(std::uint64_t now_ns) {
  if (++timeouts_ <= max_timeouts_) {
    return;
  }
  timeouts_ = 0;
  outputs_.push(OutputMessage(
      Notice{.ts_ns = now_ns,
             .priority = Priority::kDebug,
             .rule = std::string(kTimeoutRule),
             .message = std::string(kTimeoutRule) + ". " + std::to_string(max_timeouts_) +
                        " consecutive timeouts without event.",
             .fields = {{"last_event_time",
                         last_event_ns_ == 0 ? "none" : std::to_string(last_event_ns_)}}}));
}

}  // namespace saker::app
