// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Running the rules over events, from an opened source to the summary.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/log.h"
#include "app/record_request.h"
#include "compat/cli/flags.h"
#include "compat/config/config.h"
#include "engine/ruleset/ruleset.h"

namespace saker::app {

struct SessionOptions {
  std::uint64_t duration_ns = 0;  // -M, of events; 0: no end
  bool unbuffered = false;        // -U
  bool dry_run = false;           // everything but events
  std::string pidfile;            // empty: none
  std::optional<RecordRequest> record;
  std::shared_ptr<const FieldCatalogue> fields;  // for the filter of `record`
  bool has_rules = true;  // false: only record, everything that the sensor can collect
};

// What a reload brings: of the configuration only what concerns rules; the rest waits for the next
// start.
struct Reloaded {
  std::shared_ptr<const RuleSet> rules;
  config::BaseSyscalls base_syscalls;
};

// Reads configuration and rules again; called on the control thread.
using RuleLoader = std::function<Result<Reloaded>()>;

// Fails with one message. The summary is printed in any case once events were processed. SIGHUP
// and, if the configuration wants it, changes of `watched` files load the rules anew; a failure
// keeps the old ones and is told to the outputs.
[[nodiscard]] Status run_session(const config::Config& config, const SessionOptions& options,
                                 std::shared_ptr<const RuleSet> rules, const RuleLoader& reload,
                                 const std::vector<std::string>& watched, Log& log);

}  // namespace saker::app
