// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Ways round the shipped rules, tried on the live system: each row does what a rule is there to
// report, but in a way that might not be noticed. The rows say what is expected, both ways; they
// are the source of the table in docs/evasion.md (`saker_evasion --table`).
#pragma once

#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include "app/demo/scenario.h"

namespace saker::evasion {

struct Evasion {
  // Runs in the sandbox of app/demo/sandbox.h; `expected` and `what` are not used.
  demo::Scenario scenario;
  std::string_view rule;
  std::string_view trick;
  bool is_detected = true;
  bool is_in_container = false;
  std::string_view why;  // of one that is not detected; else what catches it, or nothing
};

// The name; for messages of tests.
inline std::ostream& operator<<(std::ostream& out, const Evasion& row) {
  return out << row.scenario.name;
}

// What a scenario works with, besides the empty work folder.
struct Place {
  std::vector<std::string_view> folders = {};
  std::vector<std::string_view> files = {};
  std::string_view disguise = {};
};

// Builds the rows of one rule after the other.
class EvasionList {
public:
  void rule(std::string_view name) { rule_ = name; }
  // All rows run in a container.
  void in_container() { is_in_container_ = true; }
  void caught(std::string_view name, std::string_view trick, Place place, Status (*run)(),
              std::string_view why = {}) {
    add(name, trick, true, why, std::move(place), run);
  }
  void missed(std::string_view name, std::string_view trick, Place place, Status (*run)(),
              std::string_view why) {
    add(name, trick, false, why, std::move(place), run);
  }
  [[nodiscard]] std::vector<Evasion> take() && { return std::move(rows_); }

private:
  void add(std::string_view name, std::string_view trick, bool is_detected, std::string_view why,
           Place place, Status (*run)()) {
    rows_.push_back({.scenario = {.name = name,
                                  .what = trick,
                                  .expected = {},
                                  .private_folders = std::move(place.folders),
                                  .prepared_files = std::move(place.files),
                                  .disguise = place.disguise,
                                  .is_shown_by_default = false,
                                  .run = run},
                     .rule = rule_,
                     .trick = trick,
                     .is_detected = is_detected,
                     .is_in_container = is_in_container_,
                     .why = why});
  }

  std::string_view rule_;
  bool is_in_container_ = false;
  std::vector<Evasion> rows_;
};

[[nodiscard]] std::vector<Evasion> read_tricks();
[[nodiscard]] std::vector<Evasion> change_tricks();
[[nodiscard]] std::vector<Evasion> program_tricks();
[[nodiscard]] std::vector<Evasion> stream_tricks();
[[nodiscard]] std::vector<Evasion> kernel_tricks();
[[nodiscard]] std::vector<Evasion> container_tricks();
// All of them, in the order of the table.
[[nodiscard]] std::vector<Evasion> all_tricks();

// What a process started by run_step_as() does.
[[nodiscard]] Status run_step(std::string_view step);

}  // namespace saker::evasion
