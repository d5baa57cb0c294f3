// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/counters.h"

namespace saker {

namespace {

using enum CounterKind;

constexpr std::array<CounterInfo, kCounterCount> kInfos = {{
#define SAKER_COUNTER(enumerator, name, kind, unit, sentence) {name, kind, unit, sentence},
#include "engine/base/counters.def"
#undef SAKER_COUNTER
}};

}  // namespace

const CounterInfo& counter_info(Counter counter) {
  return kInfos[static_cast<std::size_t>(counter)];
}

}  // namespace saker
