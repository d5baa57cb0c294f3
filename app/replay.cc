// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <filesystem>

#include "app/sources.h"
#include "compat/scap/scap_source.h"

namespace saker::app {

namespace {

// A capture that is written while it is read. Its beginning may be long in coming, and signals are
// looked after meanwhile.
class StreamedCapture final : public EventSource {
public:
  StreamedCapture(std::string path, Counters& counters, const std::atomic<bool>& stop)
      : path_(std::move(path)), counters_(counters), stop_(stop) {}

  Result<SourceStatus> next(Batch& batch) override {
    if (source_ == nullptr) {
      SAKER_ASSIGN_OR_RETURN(auto input, scap::open_stream_input(path_, stop_));
      SAKER_ASSIGN_OR_RETURN(source_, scap::ScapSource::from_input(std::move(input), counters_));
    }
    return source_->next(batch);
  }

private:
  std::string path_;
  Counters& counters_;
  const std::atomic<bool>& stop_;
  std::unique_ptr<scap::ScapSource> source_;
};

bool is_stream(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  return std::filesystem::is_fifo(status) || std::filesystem::is_character_file(status);
}

}  // namespace

bool is_replay(const config::Config& config) {
  return config.engine.kind == "replay";
}

Result<OpenedSource> open_replay(const config::Config& config, Counters& counters,
                                 const std::atomic<bool>& stop) {
  if (config.engine.capture_file.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "Error reading config file: engine.kind is 'replay' but no "
                "engine.replay.capture_file specified");
  }
  if (is_stream(config.engine.capture_file)) {
    return OpenedSource{
        .events = std::make_unique<StreamedCapture>(config.engine.capture_file, counters, stop),
        .is_stream = true};
  }
  SAKER_ASSIGN_OR_RETURN(auto source, scap::ScapSource::open(config.engine.capture_file, counters));
  return OpenedSource{.events = std::move(source)};
}

}  // namespace saker::app
