// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/wildcard.h"

#include <string>

#include <gtest/gtest.h>

namespace saker {
namespace {

TEST(MatchesWildcard, LetsStarsStandForAnyText) {
  struct Case {
    std::string pattern;
    std::string name;
    bool matches;
  };
  const Case cases[] = {
      {"", "", true},       {"", "a", false},         {"*", "", true},      {"*", "abc", true},
      {"a*c", "abc", true}, {"a*c", "abcd", false},   {"*b*", "abc", true}, {"a", "a", true},
      {"a", "A", false},    {"*a*b*", "xaxxb", true}, {"*ab", "aab", true}, {"a**", "a", true},
      {"a?", "ab", false},  {"*a", "ba b", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(matches_wildcard(c.pattern, c.name), c.matches) << c.pattern << " " << c.name;
  }
}

}  // namespace
}  // namespace saker
