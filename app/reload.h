// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Exchanging rules and configuration of a running session: everything new is made beside the old,
// and only what is sound takes its place. No event is skipped and no state is lost meanwhile.
#pragma once

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

  // `first`: what is in force now; borrowed.
  Reloader(const config::Config& first, const Parts& parts);

  // On the control thread. A failure leaves what was in force and is told to log, outputs, metrics.
  void run();

  // What is in force. While no reload can run.
  [[nodiscard]] const config::Config& current() const { return *current_; }

private:
  Status exchange(Loaded loaded);
  void select(const Loaded& loaded, bool keeps_earlier);
  Status exchange_outputs(const config::Config& next);
  [[nodiscard]] SteadyTime drain_deadline() const;

  Parts parts_;
  std::shared_ptr<const config::Config> current_;
};

}  // namespace saker::app
