// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What the sensor must collect: what the rules can match, and what the state needs to know.
// Source: falco.yaml, base_syscalls.
#pragma once

#include "bpf/user/live_options.h"
#include "compat/config/config.h"
#include "engine/ruleset/ruleset.h"

namespace saker::app {

// The rules' system calls and, by the configuration, those of the state (the default), a minimal
// set for it (repair), or a custom set. `!name` in the custom set excludes. System calls that move
// data are left out unless base_syscalls.all. Unknown names in the custom set mean nothing.
[[nodiscard]] sensor::Selection select_events(const config::BaseSyscalls& base,
                                              const RuleSet& rules);

}  // namespace saker::app
