// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// `saker record -w FILE …`: what its own options say; all others are those of a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace saker::app {

struct RecordRequest {
  std::string path;
  std::string filter;  // condition; empty: every event
  std::uint64_t duration_ns = 0;
  std::uint64_t max_events = 0;
  std::uint64_t max_bytes = 0;
  bool is_compressed = true;
};

// Takes the options of `record` off `words` (those behind the subcommand); `--from FILE` becomes
// the options of a replay. Fails with what is wrong about them.
[[nodiscard]] Result<RecordRequest> take_record_request(std::vector<std::string>& words);

}  // namespace saker::app
