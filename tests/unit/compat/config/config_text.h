// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>
#include <vector>

#include "compat/config/load_config.h"

namespace saker::config {

// A load from text, with everything that came out of it.
struct TextLoad {
  SourceMap sources;
  Diagnostics diagnostics;
  Result<LoadedConfig> loaded;

  explicit TextLoad(std::string yaml, std::vector<std::string> options = {})
      : loaded(load_config({.path = "",
                            .fallback_text = std::move(yaml),
                            .options = std::move(options),
                            .env = [](std::string_view) { return std::string(); }},
                           sources, diagnostics)) {}

  [[nodiscard]] const Config& config() const { return loaded->config; }
};

}  // namespace saker::config
