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
#include "app/metrics_collector.h"
#include "app/record_request.h"
#include "app/reload.h"
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
  std::function<SessionFiles()> files;  // what is loaded now; called on the control thread
};

// Files and folders that configuration and rules come from, sorted.
using WatchedPaths = std::function<std::vector<std::string>()>;

// Fails with one message. The summary is printed in any case once events were processed. SIGHUP
// and, if the configuration wants it, changes of what `watched` names load configuration and rules
// anew (reload.h); it is asked on the control thread, again after each time.
[[nodiscard]] Status run_session(const config::Config& config, const SessionOptions& options,
                                 std::shared_ptr<const RuleSet> rules, const Loader& load,
                                 const WatchedPaths& watched, Log& log);

}  // namespace saker::app
