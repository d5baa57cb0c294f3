// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Running the rules over events, from an opened source to the summary.
#pragma once

#include <memory>

#include "app/log.h"
#include "compat/cli/flags.h"
#include "compat/config/config.h"
#include "engine/ruleset/ruleset.h"

namespace saker::app {

struct SessionOptions {
  std::uint64_t duration_s = 0;  // -M; 0: no end
  bool unbuffered = false;       // -U
  bool dry_run = false;          // everything but events
  std::string pidfile;           // empty: none
};

// Fails with one message. The summary is printed in any case once events were processed.
[[nodiscard]] Status run_session(const config::Config& config, const SessionOptions& options,
                                 std::shared_ptr<const RuleSet> rules, Log& log);

}  // namespace saker::app
