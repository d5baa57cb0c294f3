// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <span>
#include <string>

namespace saker::app {

// `saker doctor [--json] [--metrics URL] [--send-test-alerts] [OPTION...]`: checks machine,
// configuration, rules, outputs and a running instance. Returns 1 if something does not work.
[[nodiscard]] int run_doctor_command(std::span<const std::string> words);

}  // namespace saker::app
