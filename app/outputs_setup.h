// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include "app/log.h"
#include "compat/config/config.h"
#include "outputs/outputs.h"

namespace saker::app {

// How the configuration wants alerts to look.
[[nodiscard]] RenderOptions render_options(const config::Config& config);

// Starts every output that the configuration enables, in Falco's order: file, standard output,
// syslog, program. `unbuffered`: -U. Fails with one message when an output cannot be opened or is
// not complete.
[[nodiscard]] Status start_outputs(const config::Config& config, bool unbuffered, Log& log,
                                   Outputs& outputs);

// Name of this machine in alerts: FALCO_HOSTNAME, else the host's name.
[[nodiscard]] std::string alert_hostname();

}  // namespace saker::app
