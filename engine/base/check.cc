// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace saker {

void check_failed(const char* file, int line, const char* text) noexcept {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, text);
  std::abort();
}

}  // namespace saker
