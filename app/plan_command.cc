// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/plan_command.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "app/command_rules.h"
#include "engine/event/catalogue.h"
#include "engine/ruleset/plan_text.h"

namespace saker::app {

namespace {

constexpr int kSuccess = 0;
constexpr int kFailure = 1;

int refuse(const std::string& message) {
  std::fprintf(stderr, "Error: %s\n", message.c_str());
  return kFailure;
}

bool is_asked_for(std::span<const EventType> types, const std::vector<std::string>& names) {
  return names.empty() || std::ranges::any_of(types, [&](EventType type) {
           return std::ranges::find(names, event_info(type).name) != names.end();
         });
}

}  // namespace

int run_plan_command(std::span<const std::string> rest) {
  std::vector<std::string> paths;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] != "--event") {
      paths.push_back(rest[i]);
    } else if (++i < rest.size()) {
      names.push_back(rest[i]);
    } else {
      return refuse("--event needs the name of an event type");
    }
  }
  if (paths.empty() || paths.front().starts_with('-')) {
    return refuse("explain-plan needs rule files; see saker explain-plan --help");
  }
  const auto rules = load_rules_of_command(paths);
  if (!rules) {
    return refuse(rules.error().message);
  }
  bool is_first = true;
  for (const std::vector<EventType>& types : types_by_program(**rules)) {
    if (is_asked_for(types, names)) {
      const std::string text = plan_text(**rules, types);
      std::printf("%s%s", is_first ? "" : "\n", text.c_str());
      is_first = false;
    }
  }
  if (is_first && !names.empty()) {
    std::printf("No rule can match these events.\n");
  }
  return kSuccess;
}

}  // namespace saker::app
