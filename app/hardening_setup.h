// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a configuration needs of hardening.h. Failing to harden is a warning: a sensor that watches
// with too many rights is better than none.
#pragma once

#include <string>

#include "app/log.h"
#include "compat/config/config.h"

namespace saker::app {

// Called before the first thread is started. Keeps what the sensor, the outputs' files, the
// recording `record_path` (empty: none) and hardening.keep_capabilities need. Does nothing in
// replays and without hardening.enabled.
void give_up_capabilities(const config::Config& config, const std::string& record_path, Log& log);

// Whether give_up_system_calls() keeps this process from starting programs.
[[nodiscard]] bool forbids_programs(const config::Config& config);
// Whether an output of the configuration starts some.
[[nodiscard]] bool needs_programs(const config::Config& config);

// Called when everything has been opened and started.
void give_up_system_calls(const config::Config& config, Log& log);

}  // namespace saker::app
