// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/recording/session_recording.h"

#include <utility>

#include "engine/lang/parser.h"

namespace saker::app {

namespace {

// A rule set whose only rule is the condition.
Result<std::shared_ptr<const RuleSet>> compile_filter(
    const std::string& filter, std::shared_ptr<const FieldCatalogue> fields) {
  const auto tree = parse_condition(filter, SourceId::kNone, kMaxFilterDepth);
  if (!tree) {
    return fail(ErrorCode::kInvalidArgument, "the filter is wrong at character " +
                                                 std::to_string(tree.error().index + 1) + ": " +
                                                 tree.error().message);
  }
  RuleSetBuilder builder(std::move(fields));
  Rule rule;
  rule.name = "filter";
  if (const auto added = builder.add(std::move(rule), **tree); !added) {
    return fail(ErrorCode::kInvalidArgument, "the filter is wrong: " + added.error().message);
  }
  return std::move(builder).build();
}

}  // namespace

Result<std::unique_ptr<SessionRecording>> SessionRecording::make(
    SessionRecordingOptions options, std::shared_ptr<const FieldCatalogue> fields,
    std::function<void(const CaptureReport&)> report) {
  std::shared_ptr<const RuleSet> filter;
  if (!options.filter.empty()) {
    SAKER_ASSIGN_OR_RETURN(filter, compile_filter(options.filter, std::move(fields)));
  }
  std::unique_ptr<SessionRecording> recording(
      new SessionRecording(std::move(options), std::move(report)));
  if (filter != nullptr) {
    recording->filter_.emplace(std::move(filter), RuleMatching::kFirst);
  }
  return recording;
}

SessionRecording::SessionRecording(SessionRecordingOptions options,
                                   std::function<void(const CaptureReport&)> report)
    : options_(std::move(options)),
      writer_({.is_synchronous = options_.is_replay,
               .report = [this, report = std::move(report)](const CaptureReport& file) {
                 status_ = file.status;
                 is_complete_ = true;  // or failed: nothing more can be recorded
                 report(file);
               }}) {}

void SessionRecording::on_snapshot(const Snapshot& snapshot) {
  if (std::exchange(has_begun_, true)) {
    writer_.add_section(snapshot);
  } else {
    writer_.begin(options_.file, snapshot);
  }
}

bool SessionRecording::on_event(const SeenEvent& seen) {
  const bool is_wanted =
      !filter_ || (seen.has_reached_rules && !filter_->match(seen.context).empty());
  if (is_wanted) {
    writer_.add(seen.raw);
    ++event_count_;
  } else if (State::is_changed_by(seen.context.event, seen.context.applied)) {
    RawEvent for_state = seen.raw;
    for_state.is_state_only = true;
    writer_.add(for_state);
  }
  const bool is_enough = options_.max_events != 0 && event_count_ >= options_.max_events;
  return !is_enough && !is_complete_.load(std::memory_order_relaxed);
}

Status SessionRecording::finish() {
  writer_.finish();
  return status_;
}

}  // namespace saker::app
