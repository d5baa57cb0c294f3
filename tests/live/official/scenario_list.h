// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Builds the rows of official_scenarios.h: what all scenarios of official rules have in common.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "app/demo/scenario.h"

namespace saker::official {

class ScenarioList {
public:
  // `rule` is what must be among the alerts; folders and files are those of the sandbox.
  void add(std::string_view name, std::string_view rule, std::vector<std::string_view> folders,
           std::vector<std::string_view> files, Status (*run)()) {
    rows_.push_back({.name = name,
                     .what = rule,
                     .expected = {rule},
                     .private_folders = std::move(folders),
                     .prepared_files = std::move(files),
                     .disguise = {},
                     .is_shown_by_default = false,
                     .run = run});
  }
  void add(std::string_view name, std::string_view rule, Status (*run)()) {
    add(name, rule, {}, {}, run);
  }

  [[nodiscard]] std::vector<demo::Scenario> take() && { return std::move(rows_); }

private:
  std::vector<demo::Scenario> rows_;
};

}  // namespace saker::official
