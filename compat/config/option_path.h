// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// `-o key=value`: one change to the configuration from the command line. The key is a path with
// dots; [n] selects an element, [] appends one; a backslash takes `.`, `[`, `]` and itself as text.
// A value in braces is YAML; everything else is one scalar. Source: falco-compat.md 4.4.
//
//   engine.replay.capture_file=/tmp/a.scap     rules_files[]=/etc/more.yaml
//   append_output[]={"match": {"source": "syscall"}, "extra_output": "cpu=%evt.cpu"}
#pragma once

#include <string_view>

#include "compat/config/config_node.h"
#include "compat/config/env_expand.h"
#include "engine/base/diagnostics.h"
#include "engine/base/result.h"

namespace saker::config {

// Applies one option to `root`. Fails with Falco's text (kInvalidArgument).
[[nodiscard]] Status apply_option(std::string_view option, ConfigNode& root, SourceMap& sources,
                                  const EnvLookup& lookup);

}  // namespace saker::config
