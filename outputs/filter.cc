// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/filter.h"

#include <algorithm>

#include "engine/base/wildcard.h"

namespace saker {

bool accepts(const FilterOptions& filter, const OutputMessage& message) {
  if (message.priority() > filter.min_priority) {
    return false;
  }
  if (!filter.rules.empty() && std::ranges::none_of(filter.rules, [&](const std::string& rule) {
        return matches_wildcard(rule, message.rule_name());
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
