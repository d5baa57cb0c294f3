// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which events of this machine `explain --live` explains.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "kit/base/arguments.h"
#include "rules/loader/load_rules.h"

namespace saker::kit {

struct LiveRequest {
  std::uint64_t duration_ns = 60'000'000'000;
  std::uint64_t count = 1;     // events to explain
  std::string filter;          // condition; empty: every event
  bool takes_reached = false;  // also events that the rule looked at and did not match
};

// From --duration, --count, --filter and --reached. Fails with what is wrong about them.
[[nodiscard]] Result<LiveRequest> read_live_request(const Arguments& arguments);

// The name of the rule that filter_file() defines.
inline constexpr const char* kFilterRule = "--filter";

// A rule file to load behind the others: its only rule, which is disabled, has the condition. So
// the loader checks it, and the macros of the rules can be used in it.
[[nodiscard]] RuleFile filter_file(const std::string& condition);

}  // namespace saker::kit
