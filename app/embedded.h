// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a run uses when no configuration exists: carried inside the binary.
#pragma once

#include <span>
#include <string_view>

namespace saker::app {

struct EmbeddedFile {
  std::string_view name;
  std::string_view text;
};

// The shipped rule files, sorted by name.
[[nodiscard]] std::span<const EmbeddedFile> embedded_rules();

// The configuration that stands for a missing falco.yaml.
[[nodiscard]] std::string_view default_config();

}  // namespace saker::app
