// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/rule.h"

#include <algorithm>
#include <array>

#include "engine/eval/ascii.h"

namespace saker {

namespace {

constexpr std::array<std::string_view, 8> kPriorities = {
    "Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

}  // namespace

std::string_view to_text(Priority priority) {
  return kPriorities[static_cast<std::size_t>(priority)];
}

bool parse_priority(std::string_view text, Priority& priority) {
  for (std::size_t i = 0; i < kPriorities.size(); ++i) {
    if (equal_ignoring_case(text, kPriorities[i])) {
      priority = Priority{static_cast<std::uint8_t>(i)};
      return true;
    }
  }
  if (equal_ignoring_case(text, "info")) {
    priority = Priority::kInformational;
    return true;
  }
  return false;
}

}  // namespace saker
