// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Watches for lost events and for silence, and does about it what the configuration says.
// Source: falco-compat.md 3.3, 3.5.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "app/log.h"
#include "app/token_bucket.h"
#include "compat/config/config.h"
#include "engine/field/loss_report.h"
#include "outputs/outputs.h"

namespace saker::app {

// Falco tells full buffers apart by what the lost event was.
inline constexpr std::array<std::string_view, 8> kDropCategories = {
    "clone_fork", "execve", "connect", "open", "dir_file", "other_interest", "close", "proc"};

// Totals of a source since its start.
struct SourceStats {
  std::uint64_t events = 0;
  std::uint64_t drops = 0;
  std::uint64_t drops_ring_full = 0;
  std::uint64_t drops_scratch = 0;
  std::uint64_t page_faults = 0;
  std::uint64_t drops_bug = 0;
  // Of drops_ring_full, by what the lost event was; in the order of kDropCategories.
  std::array<std::uint64_t, 8> drops_by_category{};
  bool is_ebpf = false;
  std::uint64_t hits = 0;  // of tracepoints, our own system calls included
};

class SourceMonitor final : public LossReport {
public:
  // `stats` may be empty: a source that loses nothing. The rest is borrowed.
  SourceMonitor(const config::Config& config, std::function<SourceStats()> stats, Outputs& outputs,
                Log& log);

  // Notes that there was an event. True when a second of event time has passed since the last
  // check.
  [[nodiscard]] bool is_check_due(std::uint64_t ts_ns) {
    last_event_ns_ = ts_ns;
    timeouts_ = 0;
    return ts_ns >= next_check_ns_;
  }

  // What the configuration says from now on.
  void set_options(const config::Config& config);

  // Acts on events lost since the last check. Fails when that shall end the program.
  [[nodiscard]] Status check_drops(std::uint64_t ts_ns);

  // Called when the source had nothing in its waiting time. `now_ns`: wall clock.
  void on_timeout(std::uint64_t now_ns);

  // Between the check before the last one and now.
  [[nodiscard]] std::uint64_t recent_losses() const override;

  // Seconds with more drops than the threshold, and how often actions were taken.
  [[nodiscard]] std::uint64_t drop_seconds() const { return drop_seconds_; }
  [[nodiscard]] std::uint64_t action_count() const { return action_count_; }

private:
  Status act(std::uint64_t ts_ns, const SourceStats& delta);

  config::DropOptions options_;
  std::uint64_t max_timeouts_;
  std::function<SourceStats()> stats_;
  Outputs& outputs_;
  Log& log_;
  TokenBucket bucket_;
  SourceStats last_;
  std::uint64_t earlier_drops_ = 0;  // at the check before `last_`
  std::uint64_t next_check_ns_ = 0;
  std::uint64_t last_event_ns_ = 0;
  std::uint64_t timeouts_ = 0;
  std::uint64_t drop_seconds_ = 0;
  std::uint64_t action_count_ = 0;
};

}  // namespace saker::app
