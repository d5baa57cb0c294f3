// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One harmless action per official rule (falco_rules, falco-incubating_rules, falco-sandbox_rules).
// `expected` names the rule that must be among the scenario's alerts; there may be others.
// Rules without a row, and why, stand in docs/testing.md.
#pragma once

#include <string>
#include <vector>

#include "app/demo/scenario.h"

namespace saker::official {

// Each runs on the host, within the sandbox of app/demo/sandbox.h.
[[nodiscard]] std::vector<demo::Scenario> host_scenarios();
[[nodiscard]] std::vector<demo::Scenario> host_network_scenarios();
// The same within a container.
[[nodiscard]] std::vector<demo::Scenario> container_scenarios();
// Rules that the start of a container itself raises; their alerts carry this marker.
inline constexpr const char* kContainerStartMarker = "container-start";
[[nodiscard]] std::vector<std::string_view> container_start_rules();

// All of the host, then all of the container.
[[nodiscard]] std::vector<demo::Scenario> all_scenarios();

// What a process started by run_self_as() does.
[[nodiscard]] Status run_step(const std::string& step);

}  // namespace saker::official
