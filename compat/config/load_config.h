// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The whole way from files and -o options to a Config. Source: falco-compat.md 4.2.
#pragma once

#include <string>
#include <vector>

#include "compat/config/config.h"
#include "compat/config/env_expand.h"
#include "engine/base/diagnostics.h"
#include "engine/base/result.h"

namespace saker::config {

struct LoadConfigOptions {
  std::string path;                  // main file; empty: none, `fallback_text` stands for it
  std::string fallback_text;         // YAML
  std::vector<std::string> options;  // -o values, in order
  EnvLookup env = process_env;
};

struct LoadedFile {
  std::string path;
  std::string schema_status;  // "ok", or "failed for …"
};

struct LoadedConfig {
  Config config;
  std::vector<LoadedFile> files;  // in the order of reading
};

// Reads and merges everything. Problems go to `diagnostics`, texts to `sources`. Fails with
// kRejected when `diagnostics` holds errors, otherwise with one message that says it all.
[[nodiscard]] Result<LoadedConfig> load_config(const LoadConfigOptions& options, SourceMap& sources,
                                               Diagnostics& diagnostics);

}  // namespace saker::config
