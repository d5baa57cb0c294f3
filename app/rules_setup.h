// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// From the command line and the configuration to rules: loading them to run, checking them (-V) and
// describing them (-L, -l).
#pragma once

#include <memory>
#include <string>

#include "app/log.h"
#include "compat/cli/flags.h"
#include "compat/config/config.h"
#include "engine/base/result.h"
#include "engine/field/field_catalogue.h"
#include "engine/ruleset/ruleset.h"

namespace saker::app {

struct RuleSetup {
  const cli::Flags& flags;
  const config::Config& config;
  std::shared_ptr<const FieldCatalogue> fields;
  bool use_embedded = false;  // no configuration file exists: the shipped rules are the default
  Log& log;
};

// Loads the rules of -r, else of rules_files, else the shipped ones. Says what is wrong in the log.
// Fails with the text for "Error: ".
[[nodiscard]] Result<std::shared_ptr<const RuleSet>> load_session_rules(const RuleSetup& setup);

// -V: checks files, prints Falco's report and returns the exit code.
[[nodiscard]] int validate_rules(const RuleSetup& setup);

// -L and -l: loads the rules, prints their description and returns the exit code.
[[nodiscard]] int describe_rules(const RuleSetup& setup);

}  // namespace saker::app
