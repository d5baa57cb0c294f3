// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// `saker record`: the events of a run in one capture file, all of them or those that fulfil a
// condition. With a condition, events that later ones need for the state are kept too, marked as
// such: a reader updates its state with them but runs no rules.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/recording/capture_writer.h"
#include "app/recording/event_observer.h"
#include "engine/ruleset/matcher.h"

namespace saker::app {

struct SessionRecordingOptions {
  CaptureFile file;
  std::string filter;            // condition; empty: every event
  std::uint64_t max_events = 0;  // that fulfil the condition; 0: no bound
  bool is_replay = false;
};

class SessionRecording final : public EventObserver {
public:
  // Fails with kInvalidArgument when the condition is wrong.
  [[nodiscard]] static Result<std::unique_ptr<SessionRecording>> make(
      SessionRecordingOptions options, std::shared_ptr<const FieldCatalogue> fields,
      std::function<void(const CaptureReport&)> report);

  void on_snapshot(const Snapshot& snapshot) override;
  bool on_event(const SeenEvent& seen) override;
  void on_retired(const State& /*state*/, std::uint64_t /*ts_ns*/) override {}
  Status finish() override;

private:
  SessionRecording(SessionRecordingOptions options,
                   std::function<void(const CaptureReport&)> report);

  SessionRecordingOptions options_;
  std::optional<Matcher> filter_;
  std::atomic<bool> is_complete_{false};
  Status status_;  // written before is_complete_
  CaptureWriter writer_;
  bool has_begun_ = false;
  std::uint64_t event_count_ = 0;
};

}  // namespace saker::app
