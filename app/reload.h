// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Exchanging rules and configuration of a running session: everything new is made beside the old,
// and only what is sound takes its place. No event is skipped and no state is lost meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "app/engine_loop.h"
#include "app/log.h"
#include "app/operation.h"
#include "app/sources.h"
#include "compat/config/config.h"
#include "outputs/outputs.h"

namespace saker::app {

struct Loaded {
  std::shared_ptr<const RuleSet> rules;
  std::shared_ptr<const config::Config> config;
};

// Reads configuration and rules again.
using Loader = std::function<Result<Loaded>()>;

enum class ReloadCause : std::uint8_t { kRequest, kChangedFiles };

class Reloader {
public:
  // All borrowed.
  struct Parts {
    const Loader& load;
    const OpenedSource& source;
    EngineLoop& loop;
    Outputs& outputs;
    Operation& operation;
    Log& log;
    const std::function<SessionFiles()>& files;
    bool unbuffered = false;  // -U
  };

  // What is in force now; the configuration is borrowed.
  Reloader(const config::Config& first, std::shared_ptr<const RuleSet> rules, const Parts& parts);

  // On the control thread. A failure leaves what was in force and is told to log, outputs, metrics.
  void run(ReloadCause cause);

  // On the control thread, now and then: an output that could not be opened may come back.
  void tick();

  // What is in force. While no reload can run.
  [[nodiscard]] const config::Config& current() const { return *current_; }

private:
  Status check(const Loaded& loaded, ReloadCause cause) const;
  Status exchange(Loaded loaded);
  void select(const Loaded& loaded, bool keeps_earlier);
  Status exchange_outputs(const config::Config& next);
  void take_outputs_back(const Outputs::Names& names);
  void open_missing_outputs();
  void warn_of_lost_files(const SessionFiles& files);
  [[nodiscard]] SteadyTime drain_deadline() const;

  Parts parts_;
  std::shared_ptr<const config::Config> current_;
  std::shared_ptr<const RuleSet> rules_;
  SessionFiles files_;
  bool may_start_programs_;
  SteadyTime next_try_;  // of outputs that are missing
};

}  // namespace saker::app
