// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <cstddef>

namespace saker {

// A limit on what a small input can grow to (lists in lists, aliases of aliases). Programs built
// for fuzzing (preset `fuzz`) reach it 64 times sooner: otherwise the few inputs that grow without
// bound, which a fuzzer likes to keep, take nearly all of its time.
constexpr std::size_t growth_limit(std::size_t limit) {
#ifdef SAKER_FUZZING
  return limit / 64;
#else
  return limit;
#endif
}

}  // namespace saker
