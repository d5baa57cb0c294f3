// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Invariants of our own code; never reachable from input.
#pragma once

namespace saker {

// Prints "file:line: check failed: text" to stderr and aborts.
[[noreturn]] void check_failed(const char* file, int line, const char* text) noexcept;

}  // namespace saker

#define SAKER_CHECK(condition)                               \
  do {                                                       \
    if (!(condition)) [[unlikely]] {                         \
      ::saker::check_failed(__FILE__, __LINE__, #condition); \
    }                                                        \
  } while (false)

#ifdef NDEBUG
#define SAKER_DCHECK(condition) static_cast<void>(0)
#else
#define SAKER_DCHECK(condition) SAKER_CHECK(condition)
#endif
