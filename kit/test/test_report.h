// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <span>
#include <string>

#include "kit/test/run_tests.h"

namespace saker::kit {

// Failures with their place, and a line of counts; with `is_verbose` every test.
[[nodiscard]] std::string tests_text(std::span<const TestResult> results, bool is_verbose);
[[nodiscard]] std::string tests_junit(std::span<const TestResult> results);
[[nodiscard]] std::string tests_json(std::span<const TestResult> results);

}  // namespace saker::kit
