// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which configuration a command line means. Source: falco-compat.md 4.1.
#pragma once

#include <string>
#include <vector>

#include "app/log.h"
#include "compat/cli/flags.h"
#include "compat/config/load_config.h"

namespace saker::app {

struct ConfigFile {
  std::string path;     // of -c, else /etc/falco/falco.yaml
  bool exists = false;  // false: the built-in configuration stands for it; always true with -c
};

[[nodiscard]] ConfigFile find_config_file(const cli::Flags& flags);

[[nodiscard]] config::LoadConfigOptions config_request(const ConfigFile& file,
                                                       const cli::Flags& flags);

[[nodiscard]] LogOptions log_options(const config::Config& config);

// One sentence for each setting that is accepted for Falco's sake and does not do what its user
// would rely on.
[[nodiscard]] std::vector<std::string> settings_without_effect(const config::Config& config);

}  // namespace saker::app
