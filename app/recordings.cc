// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/recordings.h"

#include <algorithm>
#include <utility>

#include "app/recording/rule_captures.h"
#include "app/recording/session_recording.h"
#include "app/sources.h"
#include "outputs/clocks.h"

namespace saker::app {

namespace {

constexpr std::uint64_t kNsPerMs = 1'000'000;
constexpr std::uint64_t kBytesPerMb = 1 << 20;
constexpr std::uint64_t kMinIntervalNs = 1'000'000'000;
constexpr std::string_view kSizeRule = "Falco internal: capture size limit reached";

void log_report(const CaptureReport& file, Log& log) {
  if (!file.status) {
    log.error("The capture " + file.path + " is not complete: " + file.status.error().message);
    return;
  }
  std::string text = "Wrote capture " + file.path + ": " + std::to_string(file.event_count) +
                     " events, " + std::to_string(file.file_bytes) + " bytes";
  if (file.dropped_count != 0) {
    text += ", " + std::to_string(file.dropped_count) + " events left out";
  }
  log.write(file.dropped_count != 0 ? Priority::kWarning : Priority::kInformational, text);
}

// Source: falco-compat.md 3.3.
Notice size_notice(const CaptureReport& file, std::uint64_t max_file_size_mb) {
  return {.ts_ns = wall_clock_ns(),
          .priority = Priority::kInformational,
          .rule = std::string(kSizeRule),
          .message = std::string(kSizeRule),
          .fields = {{"max_file_size_mb", std::to_string(max_file_size_mb)},
                     {"written_bytes", std::to_string(file.file_bytes)}}};
}

std::unique_ptr<EventObserver> make_rule_captures(const config::Config& config, Log& log,
                                                  Outputs& outputs) {
  const config::CaptureOptions& capture = config.capture;
  const RuleCaptureOptions options{
      .path_prefix = capture.path_prefix,
      .captures_every_rule = capture.mode == "all_rules",
      .default_duration_ns = capture.default_duration_ms * kNsPerMs,
      .max_file_bytes = capture.max_file_size_mb * kBytesPerMb,
      .max_events = capture.max_events,
      .min_interval_ns = is_replay(config) ? 0 : kMinIntervalNs,  // a replay has time
      .keep_before_ns = capture.keep_before_ms * kNsPerMs,
      .keep_before_max_bytes = capture.keep_before_max_mb * kBytesPerMb,
      .is_replay = is_replay(config)};
  return std::make_unique<RuleCaptures>(
      options, [&log, &outputs, size = capture.max_file_size_mb](const CaptureReport& file) {
        log_report(file, log);
        if (file.has_reached_size) {
          outputs.push(OutputMessage(size_notice(file, size)));
        }
      });
}

}  // namespace

Result<Recordings> Recordings::make(const config::Config& config,
                                    const std::optional<RecordRequest>& request,
                                    std::shared_ptr<const FieldCatalogue> fields, Log& log,
                                    Outputs& outputs) {
  Recordings recordings;
  if (config.capture.enabled) {
    recordings.observers_.push_back(make_rule_captures(config, log, outputs));
  }
  if (request) {
    SessionRecordingOptions options{
        .file = {.path = request->path,
                 .compression =
                     request->is_compressed ? scap::Compression::kGzip : scap::Compression::kNone,
                 .creation = scap::FileCreation::kReplace,
                 .max_bytes = request->max_bytes},
        .filter = request->filter,
        .max_events = request->max_events,
        .is_replay = is_replay(config)};
    SAKER_ASSIGN_OR_RETURN(
        auto recording,
        SessionRecording::make(std::move(options), std::move(fields),
                               [&log](const CaptureReport& file) { log_report(file, log); }));
    recordings.observers_.push_back(std::move(recording));
  }
  return recordings;
}

void Recordings::attach(EngineLoop& loop) {
  for (const auto& observer : observers_) {
    loop.observe(*observer);
  }
}

Status Recordings::finish() {
  Status status;
  for (const auto& observer : observers_) {
    if (Status one = observer->finish(); status) {
      status = std::move(one);
    }
  }
  return status;
}

}  // namespace saker::app
