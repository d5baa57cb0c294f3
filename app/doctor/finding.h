// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What `saker doctor` finds, and how it is told.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saker::app {

enum class Health : std::uint8_t {
  kFine,
  kNote,     // worth knowing; nothing is wrong
  kWarning,  // works, but not as well as it could
  kFailure,  // does not work
};

struct Finding {
  std::string check;  // "kernel.btf"
  Health health = Health::kFine;
  std::string message;  // what is so, and what that causes
  std::string knob;     // what to do; empty when nothing has to be done
};

[[nodiscard]] std::string_view to_text(Health health);  // "ok", "note", "warning", "failure"

// One line each, the knob on a line of its own; at the end how many there are of each kind.
[[nodiscard]] std::string findings_text(const std::vector<Finding>& findings);
// {"status": worst, "findings": [{"check", "status", "message", "knob"}]}
[[nodiscard]] std::string findings_json(const std::vector<Finding>& findings);

[[nodiscard]] Health worst_of(const std::vector<Finding>& findings);

}  // namespace saker::app
