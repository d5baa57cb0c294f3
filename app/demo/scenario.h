// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Small, harmless actions that a shipped rule reports, and their twins that no rule may report.
// `saker_demo` runs a few of them for `make run`; the live test of the shipped rules runs all.
//
// A scenario runs in a process of its own, inside a mount namespace in which every folder that it
// writes to is an empty tmpfs (sandbox.h). Nothing that it does reaches a real file. Its process
// carries the environment variable kMarkerVariable with the scenario's name, which its children
// inherit: that is how its alerts are told from others.
#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace saker::demo {

inline constexpr const char* kMarkerVariable = "SAKER_SCENARIO";

// Handed on to the scenario, if set.
inline constexpr const char* kRunVariable = "SAKER_RUN";

// A folder that only the scenario sees; it is empty.
inline constexpr const char* kWorkFolder = "/mnt";

struct Scenario {
  std::string_view name;
  std::string_view what;  // one sentence for people, without a final dot
  // Names of the rules that must fire, once per alert, in any order; empty for a twin that must
  // stay silent.
  std::vector<std::string_view> expected;
  // Folders that the sandbox replaces by an empty tmpfs, besides kWorkFolder.
  std::vector<std::string_view> private_folders;
  // Files that are there, with mode 0600, before the scenario begins (in private folders or the
  // work folder).
  std::vector<std::string_view> prepared_files;
  // Path of an existing program whose place the scenario's program takes (bind mount); empty: none.
  std::string_view disguise;
  bool is_shown_by_default = false;
  Status (*run)() = nullptr;
};

// The name; for messages of tests.
inline std::ostream& operator<<(std::ostream& out, const Scenario& scenario) {
  return out << scenario.name;
}

// Every scenario, in an order that tells a story.
[[nodiscard]] std::vector<Scenario> all_scenarios();
// Null when there is none of that name.
[[nodiscard]] const Scenario* find_scenario(std::span<const Scenario> scenarios,
                                            std::string_view name);

// The parts of all_scenarios().
[[nodiscard]] std::vector<Scenario> secret_file_scenarios();
[[nodiscard]] std::vector<Scenario> system_file_scenarios();
[[nodiscard]] std::vector<Scenario> privilege_scenarios();
[[nodiscard]] std::vector<Scenario> execution_scenarios();
[[nodiscard]] std::vector<Scenario> kernel_scenarios();

}  // namespace saker::demo
