// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The capture: feature: a match begins a capture file or prolongs the one that is being written.
// Source: falco-compat.md 4.3 (capture.*).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/recording/capture_writer.h"
#include "app/recording/event_memory.h"
#include "app/recording/event_observer.h"
#include "engine/base/text_hash.h"

namespace saker::app {

struct RuleCaptureOptions {
  std::string path_prefix;
  bool captures_every_rule = false;  // else those with capture: true
  std::uint64_t default_duration_ns = 0;
  std::uint64_t max_file_bytes = 0;       // 0: no bound
  std::uint64_t max_events = 0;           // 0: no bound
  std::uint64_t min_interval_ns = 0;      // between the beginnings of two files of one rule
  std::uint64_t keep_before_ns = 0;       // 0: a capture begins with the match
  std::size_t keep_before_max_bytes = 0;  // of the events kept in memory
  bool is_replay = false;
};

class RuleCaptures final : public EventObserver {
public:
  // `report` is called for each file when it is complete, possibly on another thread.
  RuleCaptures(RuleCaptureOptions options, std::function<void(const CaptureReport&)> report);

  void on_snapshot(const Snapshot& snapshot) override;
  bool on_event(const SeenEvent& seen) override;
  void on_late_match(const Rule& rule) override;
  void on_retired(const State& state, std::uint64_t ts_ns) override;
  Status finish() override;

private:
  // What a rule has had: it begins no further file before its time is over, however early the file
  // ended, so that a flood of its matches makes no flood of files. Other rules may.
  struct Share {
    std::uint64_t file_number = 0;  // the last file that it began or prolonged
    std::uint64_t next_ns = 0;
    std::uint64_t late_duration_ns = 0;  // of a late match since the last event; 0: none
  };
  struct Wish {
    Share* share = nullptr;
    std::uint64_t until_ns = 0;
  };

  [[nodiscard]] Share& share_of(const Rule& rule);
  void wish(Share& share, std::uint64_t ts_ns, std::uint64_t duration_ns);
  void grant_wishes();
  // When a capture that these matches ask for ends; 0: none is asked for.
  [[nodiscard]] std::uint64_t wanted_until(const SeenEvent& seen);
  // How long the match of a rule is captured; 0: not at all.
  [[nodiscard]] std::uint64_t duration_of(const Rule& rule) const;
  void begin(const SeenEvent& seen);
  void end();

  RuleCaptureOptions options_;
  std::optional<EventMemory> memory_;
  std::uint64_t file_number_ = 0;
  std::atomic<std::uint64_t> full_file_{0};  // number of the last file that reached its size
  CaptureWriter writer_;
  bool is_active_ = false;
  // By name: of any reload.
  std::unordered_map<std::string, Share, TextHash, std::equal_to<>> shares_;
  std::vector<Share*> late_;  // rules with late matches since the last event
  std::vector<Wish> wishes_;  // of the event at hand
  std::uint64_t begin_ns_ = 0;
  std::uint64_t until_ns_ = 0;
  std::uint64_t event_count_ = 0;
};

}  // namespace saker::app
