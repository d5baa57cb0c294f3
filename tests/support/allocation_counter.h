// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Counts calls of operator new, to show that a warmed-up path does not allocate. Link
// allocation_counter.cc, which replaces the program's operators.
//
//   AllocationCounter counter;
//   … the path …
//   EXPECT_EQ(counter.count(), 0);
#pragma once

#include <cstdint>

namespace saker::testing {

class AllocationCounter {
public:
  AllocationCounter();
  // Allocations of the whole program since construction.
  [[nodiscard]] std::uint64_t count() const;

private:
  std::uint64_t begin_;
};

}  // namespace saker::testing
