// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// saker_demo: does harmless things that the shipped rules report, so that `make run` has something
// to show.
//
//   saker_demo                 the default selection, one after the other
//   saker_demo NAME...         these scenarios
//   saker_demo --list          names, what happens, and the rules that report it
//   saker_demo --inside NAME   internal: the scenario itself, within its sandbox
#include <cstdio>
#include <string>
#include <vector>

#include "app/demo/sandbox.h"
#include "app/demo/scenario.h"

namespace saker::demo {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kSkipped = 77;

int run_inside(const std::string& name) {
  const std::vector<Scenario> scenarios = all_scenarios();
  const Scenario* scenario = find_scenario(scenarios, name);
  if (scenario == nullptr) {
    return kUsage;
  }
  const Status done = scenario->run();
  if (!done) {
    std::fprintf(stderr, "saker_demo: %s: %s\n", name.c_str(), done.error().message.c_str());
    return kFailed;
  }
  return 0;
}

void list(const std::vector<Scenario>& scenarios) {
  for (const Scenario& scenario : scenarios) {
    std::string rules;
    for (const std::string_view rule : scenario.expected) {
      rules += rules.empty() ? "" : "; ";
      rules += rule;
    }
    std::printf("%-32s %s\n%-32s -> %s\n", std::string(scenario.name).c_str(),
                std::string(scenario.what).c_str(), "", rules.empty() ? "no alert" : rules.c_str());
  }
}

int run_outside(const std::vector<Scenario>& scenarios) {
  const std::string path = own_path();
  if (const std::string reason = why_not_here(path); !reason.empty()) {
    std::fprintf(stderr, "saker_demo: cannot run here: %s\n", reason.c_str());
    return kSkipped;
  }
  int status = 0;
  for (const Scenario& scenario : scenarios) {
    std::fprintf(stderr, "demonstration: %s\n", std::string(scenario.what).c_str());
    const Status done = run_in_sandbox(scenario, path);
    if (!done) {
      std::fprintf(stderr, "saker_demo: %s\n", done.error().message.c_str());
      status = kFailed;
    }
  }
  return status;
}

int main_with(const std::vector<std::string>& args) {
  if (args.size() == 2 && args[0] == "--inside") {
    return run_inside(args[1]);
  }
  const std::vector<Scenario> all = all_scenarios();
  if (args.size() == 1 && args[0] == "--list") {
    list(all);
    return 0;
  }
  std::vector<Scenario> chosen;
  for (const Scenario& scenario : all) {
    if (args.empty() && scenario.is_shown_by_default) {
      chosen.push_back(scenario);
    }
  }
  for (const std::string& name : args) {
    const Scenario* scenario = find_scenario(all, name);
    if (scenario == nullptr) {
      std::fprintf(stderr, "saker_demo: no scenario '%s' (saker_demo --list shows them)\n",
                   name.c_str());
      return kUsage;
    }
    chosen.push_back(*scenario);
  }
  return run_outside(chosen);
}

}  // namespace
}  // namespace saker::demo

int main(int argc, char** argv) {
  return saker::demo::main_with(std::vector<std::string>(argv + 1, argv + argc));
}
