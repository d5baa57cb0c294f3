// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What `explain --live` needs of a program that can watch this machine. The kit knows no sensor;
// app/ hands one in.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/base/result.h"
#include "engine/field/field_info.h"
#include "engine/ruleset/ruleset.h"

namespace saker::kit {

struct WatchRequest {
  const RuleSet& rules;  // what must be collected for them is
  std::uint64_t duration_ns = 0;
  std::function<void()> on_begin;  // events are being collected from now on
  // Shown each event that rules see; false: enough.
  std::function<bool(const FieldContext& context)> visit;
};

// Watches until `visit` has enough, the time is over or the user interrupts.
using WatchMachine = std::function<Status(const WatchRequest& request)>;

}  // namespace saker::kit
