// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs the tricks; the test starts it.
//   saker_evasion                   all of the host, one after the other
//   saker_evasion --container       all of containers; started in one
//   saker_evasion NAME...           these
//   saker_evasion --table           the table of docs/evasion.md
//   saker_evasion --inside NAME, --step S   internal
#include <cstdio>
#include <string>

#include "app/demo/sandbox.h"
#include "tests/live/evasion/evasion.h"

namespace saker::evasion {
namespace {

int report(const Status& status, const std::string& name) {
  if (!status) {
    const bool is_skipped = status.error().code == ErrorCode::kUnsupported;
    std::printf("%s %s: %s\n", is_skipped ? "SKIPPED" : "FAILED", name.c_str(),
                status.error().message.c_str());
    std::fflush(stdout);
  }
  return status ? 0 : 1;
}

int print_table() {
  std::printf("| rule | trick | detected | remark |\n|---|---|---|---|\n");
  std::string_view rule;
  for (const Evasion& row : all_tricks()) {
    const std::string_view shown = row.rule == rule ? std::string_view() : row.rule;
    std::printf("| %s | %s | %s | %s |\n", std::string(shown).c_str(),
                std::string(row.trick).c_str(), row.is_detected ? "yes" : "**no**",
                std::string(row.why).c_str());
    rule = row.rule;
  }
  return 0;
}

int main_with(const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "--step") {
    return report(run_step(words[1]), words[1]);
  }
  if (words.size() == 1 && words[0] == "--table") {
    return print_table();
  }
  const bool is_container = words.size() == 1 && words[0] == "--container";
  const bool is_inside = words.size() == 2 && words[0] == "--inside";
  for (const Evasion& row : all_tricks()) {
    const std::string name(row.scenario.name);
    if (is_inside && name == words[1]) {
      return report(row.scenario.run(), name);
    }
    bool is_chosen = (words.empty() || is_container) && row.is_in_container == is_container;
    for (const std::string& word : words) {
      is_chosen |= word == name;
    }
    if (is_chosen && !is_inside) {
      report(demo::run_in_sandbox(row.scenario, demo::own_path()), name);
    }
  }
  return is_inside ? 2 : 0;  // the test reads what failed
}

}  // namespace
}  // namespace saker::evasion

int main(int argc, char** argv) {
  return saker::evasion::main_with(std::vector<std::string>(argv + 1, argv + argc));
}
