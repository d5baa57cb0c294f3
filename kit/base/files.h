// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Files and standard output for the kit's commands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace saker::kit {

[[nodiscard]] Result<std::string> read_file(const std::string& path);
// Replaces the file as a whole: a reader sees the old or the new text.
[[nodiscard]] Status write_file(const std::string& path, std::string_view text);

// The paths themselves; of folders the *.yaml and *.yml files in them and below, by name, without
// tests (*_test.yaml) or, with `tests`, only those.
[[nodiscard]] Result<std::vector<std::string>> expand_yaml_paths(
    const std::vector<std::string>& paths, bool tests);

void print(std::string_view text);        // to standard output
void print_error(std::string_view text);  // "Error: TEXT" to standard error
[[nodiscard]] bool is_terminal();         // standard output is one

}  // namespace saker::kit
