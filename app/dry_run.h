// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>

#include "app/log.h"
#include "compat/config/config.h"

namespace saker::app {

// --dry-run, once rules are loaded: fails with what a start would fail with, as far as that can be
// told without writing, listening, delivering or asking the kernel for events. What another
// instance holds (port, spool) is no failure: it is the one that shall be replaced. `pidfile`:
// empty: none.
[[nodiscard]] Status check_start(const config::Config& config, const std::string& pidfile,
                                 bool unbuffered, Log& log);

}  // namespace saker::app
