// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs the scenarios; the test starts it on the host and in a container.
//   saker_official --host | --container     all scenarios of that place, one after the other
//   saker_official NAME...                  these
//   saker_official --inside NAME, --step S  internal
#include <cstdio>
#include <string>

#include "app/demo/sandbox.h"
#include "tests/live/official/official_scenarios.h"

namespace saker::official {
namespace {

int report(const Status& status, const std::string& name) {
  if (!status) {
    std::printf("FAILED %s: %s\n", name.c_str(), status.error().message.c_str());
    std::fflush(stdout);
  }
  return status ? 0 : 1;
}

int run_all(const std::vector<demo::Scenario>& scenarios) {
  for (const demo::Scenario& scenario : scenarios) {
    report(demo::run_in_sandbox(scenario, demo::own_path()), std::string(scenario.name));
  }
  return 0;  // the test reads what failed
}

int main_with(const std::vector<std::string>& words) {
  const std::vector<demo::Scenario> all = all_scenarios();
  if (words.size() == 2 && words[0] == "--step") {
    return report(run_step(words[1]), words[1]);
  }
  if (words.size() == 2 && words[0] == "--inside") {
    const demo::Scenario* scenario = demo::find_scenario(all, words[1]);
    return scenario == nullptr ? 2 : report(scenario->run(), words[1]);
  }
  if (words.size() == 1 && words[0] == "--host") {
    std::vector<demo::Scenario> host = host_scenarios();
    const std::vector<demo::Scenario> network = host_network_scenarios();
    host.insert(host.end(), network.begin(), network.end());
    return run_all(host);
  }
  if (words.size() == 1 && words[0] == "--container") {
    return run_all(container_scenarios());
  }
  std::vector<demo::Scenario> chosen;
  for (const std::string& name : words) {
    if (const demo::Scenario* scenario = demo::find_scenario(all, name); scenario != nullptr) {
      chosen.push_back(*scenario);
    }
  }
  return run_all(chosen);
}

}  // namespace
}  // namespace saker::official

int main(int argc, char** argv) {
  return saker::official::main_with(std::vector<std::string>(argv + 1, argv + argc));
}
