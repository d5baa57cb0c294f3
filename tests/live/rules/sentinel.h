// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

namespace saker::test {

// Fires for processes whose marker (demo::kMarkerVariable) begins with "sentinel": says when the
// sensor watches, and when it has caught up.
inline constexpr const char* kSentinelRule = R"(- rule: Sentinel of the live test
  desc: The sensor has seen everything up to here.
  condition: evt.type = execve and evt.rawres = 0 and proc.env[SAKER_SCENARIO] startswith sentinel
  output: sentinel
  priority: DEBUG
)";

}  // namespace saker::test
