// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/merge.h"

#include <iterator>
#include <utility>

namespace saker::config {

void merge(ConfigNode& to, ConfigNode from, MergeStrategy strategy) {
  for (ConfigMember& member : from.members) {
    ConfigNode* known = to.find(member.key);
    if (known == nullptr) {
      to.member(member.key) = std::move(member.value);
      continue;
    }
    switch (strategy) {
      case MergeStrategy::kAddOnly:
        break;
      case MergeStrategy::kOverride:
        *known = std::move(member.value);
        break;
      case MergeStrategy::kAppend:
        if (known->is_sequence() && member.value.is_sequence()) {
          known->items.insert(known->items.end(),
                              std::make_move_iterator(member.value.items.begin()),
                              std::make_move_iterator(member.value.items.end()));
        } else {
          *known = std::move(member.value);
        }
        break;
    }
  }
}

}  // namespace saker::config
