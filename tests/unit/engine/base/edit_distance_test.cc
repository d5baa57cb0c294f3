// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/edit_distance.h"

#include <string>

#include <gtest/gtest.h>

namespace saker {
namespace {

TEST(EditDistance, CountsInsertionsRemovalsAndExchanges) {
  struct Case {
    std::string from;
    std::string to;
    std::size_t distance;
  };
  const Case cases[] = {{"", "", 0},          {"", "abc", 3},      {"abc", "", 3},
                        {"name", "name", 0},  {"nam", "name", 1},  {"names", "name", 1},
                        {"nome", "name", 1},  {"anme", "name", 2}, {"kitten", "sitting", 3},
                        {"check", "Check", 1}};
  for (const Case& c : cases) {
    EXPECT_EQ(edit_distance(c.from, c.to), c.distance) << c.from << " " << c.to;
    EXPECT_EQ(edit_distance(c.to, c.from), c.distance) << c.to << " " << c.from;
  }
}

}  // namespace
}  // namespace saker
