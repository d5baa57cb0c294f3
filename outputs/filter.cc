// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/filter.h"

#include <algorithm>

namespace saker {

namespace {

// Linear: goes back to the last "*" only.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

bool accepts(const FilterOptions& filter, const OutputMessage& message) {
  if (message.priority() > filter.min_priority) {
    return false;
  }
  if (!filter.rules.empty() && std::ranges::none_of(filter.rules, [&](const std::string& rule) {
        return matches(rule, message.rule_name());
      })) {
    return false;
  }
  if (filter.tags.empty()) {
    return true;
  }
  const Alert* const alert = message.alert();
  return alert != nullptr && std::ranges::any_of(filter.tags, [&](const std::string& tag) {
           return std::ranges::binary_search(alert->rule().tags, tag);
         });
}

}  // namespace saker
