// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/demo/scenario.h"

#include <algorithm>

namespace saker::demo {

std::vector<Scenario> all_scenarios() {
  std::vector<Scenario> all;
  for (auto* part : {secret_file_scenarios, system_file_scenarios, privilege_scenarios,
                     execution_scenarios, kernel_scenarios}) {
    const std::vector<Scenario> scenarios = part();
    all.insert(all.end(), scenarios.begin(), scenarios.end());
  }
  return all;
}

const Scenario* find_scenario(std::span<const Scenario> scenarios, std::string_view name) {
  const auto found =
      std::ranges::find_if(scenarios, [name](const Scenario& s) { return s.name == name; });
  return found == scenarios.end() ? nullptr : &*found;
}

}  // namespace saker::demo
