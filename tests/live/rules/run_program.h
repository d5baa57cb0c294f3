// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace saker::test {

// Runs a program to its end, with its output and errors in `file` and no other environment than
// these entries and PATH. Returns its exit status, or -1.
int run_program(std::vector<std::string> arguments, const std::filesystem::path& file,
                std::vector<std::string> environment = {});

// The file's whole text.
[[nodiscard]] std::string text_of(const std::filesystem::path& file);

}  // namespace saker::test
