// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/candidate_cache.h"

#include <algorithm>

namespace saker {

static_assert(sizeof(CandidateCache::Line) == 64);

void CandidateCache::follow(const FactKey& facts) {
  if (facts.epoch == facts_.epoch && facts.containers == facts_.containers) [[likely]] {
    return;
  }
  facts_.epoch = facts.epoch;
  facts_.containers = facts.containers;
  if (++epoch_ == 0) {
    std::ranges::fill(lines_, Line{});
    epoch_ = 1;
  }
}

}  // namespace saker
