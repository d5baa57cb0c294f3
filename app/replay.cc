// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/sources.h"
#include "compat/scap/scap_source.h"

namespace saker::app {

bool is_replay(const config::Config& config) {
  return config.engine.kind == "replay";
}

Result<OpenedSource> open_replay(const config::Config& config, Counters& counters) {
  if (config.engine.capture_file.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "Error reading config file: engine.kind is 'replay' but no "
                "engine.replay.capture_file specified");
  }
  SAKER_ASSIGN_OR_RETURN(auto source, scap::ScapSource::open(config.engine.capture_file, counters));
  return OpenedSource{.events = std::move(source)};
}

}  // namespace saker::app
