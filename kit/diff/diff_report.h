// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What changes between two rule sets, over captures and in the rules themselves.
#pragma once

#include <string>
#include <vector>

#include "kit/diff/alert_set.h"
#include "kit/diff/rule_changes.h"

namespace saker::kit {

enum class AlertChange : std::uint8_t { kAppears, kVanishes, kPriority, kOutput };

struct AlertExample {
  AlertKey key;
  std::string before;  // priority and message; empty when it appears
  std::string after;
};

// The changes of one kind of one rule.
struct AlertChangeGroup {
  std::string rule;
  AlertChange change = AlertChange::kAppears;
  std::size_t count = 0;
  std::vector<AlertExample> examples;  // the first few
};

struct DiffReport {
  std::vector<AlertChangeGroup> alerts;  // by rule
  std::vector<RuleChangeNote> rules;
  std::size_t before_count = 0;
  std::size_t after_count = 0;
  std::string commit;  // of --bisect: its title; else empty

  [[nodiscard]] bool is_empty() const { return alerts.empty() && rules.empty(); }
};

[[nodiscard]] std::vector<AlertChangeGroup> compare_alerts(const AlertSet& before,
                                                           const AlertSet& after);
[[nodiscard]] std::string_view to_text(AlertChange change);

[[nodiscard]] std::string diff_text(const DiffReport& report);
[[nodiscard]] std::string diff_markdown(const DiffReport& report);
[[nodiscard]] std::string diff_json(const DiffReport& report);

}  // namespace saker::kit
