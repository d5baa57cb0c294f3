// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/explain/live_request.h"

#include <charconv>

#include "kit/base/duration.h"

namespace saker::kit {

Result<LiveRequest> read_live_request(const Arguments& arguments) {
  LiveRequest request;
  if (const auto duration = arguments.value("duration")) {
    if (!parse_duration(*duration, request.duration_ns)) {
      return fail(ErrorCode::kInvalidArgument,
                  "not a duration: " + *duration + " (try 30s, 500ms, 5m)");
    }
  }
  if (const auto count = arguments.value("count")) {
    const char* end = count->data() + count->size();
    const auto [at, error] = std::from_chars(count->data(), end, request.count);
    if (error != std::errc() || at != end || request.count == 0) {
      return fail(ErrorCode::kInvalidArgument, "--count takes a number from 1");
    }
  }
  request.filter = arguments.value("filter").value_or("");
  request.takes_reached = arguments.has("reached");
  return request;
}

RuleFile filter_file(const std::string& condition) {
  std::string quoted;
  for (const char c : condition) {
    quoted += c == '\'' ? "''" : std::string(1, c);
  }
  return {.name = "--filter",
          .text = "- rule: " + std::string(kFilterRule) + "\n  condition: '" + quoted +
                  "'\n  desc: x\n  output: x\n  priority: DEBUG\n  enabled: false\n"};
}

}  // namespace saker::kit
