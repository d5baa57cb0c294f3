// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/glob.h"

#include <fnmatch.h>

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/bounded_run.h"

namespace saker {
namespace {

struct GlobCase {
  std::string_view pattern;
  std::string_view text;
  bool is_match;
};

constexpr GlobCase kCases[] = {
    {"", "", true},
    {"", "a", false},
    {"a", "a", true},
    {"a", "", false},
    {"*", "", true},
    {"*", "/a/.b", true},
    {"?", "/", true},
    {"/etc/*", "/etc/a/b", true},
    {"*.so", "/a/.so", true},
    {"a*b*c", "aXbYc", true},
    {"a*b*c", "aXbY", false},
    {"[abc]x", "bx", true},
    {"[!abc]x", "bx", false},
    {"[^abc]x", "dx", true},
    {"[a-c]", "b", true},
    {"[a-c]", "d", false},
    {"[]a]", "]", true},
    {"[a-]", "-", true},
    {"[[:digit:]]*", "7z", true},
    {"[[:upper:]]", "a", false},
    {"\\*", "*", true},
    {"\\*", "x", false},
    {"a\\", "a", false},
    {"[", "[", true},
    {"[a", "[a", true},
    {"**", "abc", true},
    {"?*?", "a", false},
    {"[\\]]", "]", true},
};

TEST(Glob, FollowsTheTable) {
  for (const GlobCase& c : kCases) {
    EXPECT_EQ(glob_matches(c.pattern, c.text, false), c.is_match) << c.pattern << " on " << c.text;
  }
}

TEST(Glob, IgnoresCaseOnRequest) {
  EXPECT_TRUE(glob_matches("/ETC/[P-Q]*", "/etc/passwd", true));
  EXPECT_FALSE(glob_matches("/ETC/*", "/etc/passwd", false));
}

// The C library is the definition; it is only asked what it answers without exploding.
TEST(Glob, AgreesWithTheCLibraryOnRandomPatterns) {
  std::mt19937 random(20261121);
  constexpr std::string_view kPatternBytes = "ab/*?[]!-.\\";
  constexpr std::string_view kTextBytes = "ab/.-]!";
  for (int round = 0; round < 200000; ++round) {
    std::string pattern;
    std::string text;
    for (auto n = random() % 9; n > 0; --n) {
      pattern += kPatternBytes[random() % kPatternBytes.size()];
    }
    for (auto n = random() % 7; n > 0; --n) {
      text += kTextBytes[random() % kTextBytes.size()];
    }
    ASSERT_EQ(glob_matches(pattern, text, false), fnmatch(pattern.c_str(), text.c_str(), 0) == 0)
        << "pattern " << pattern << " text " << text;
  }
}

TEST(Glob, CostsNoMoreThanTheProductOfBothLengths) {
  std::string pattern;
  for (int i = 0; i < 60; ++i) {
    pattern += "*a";
  }
  EXPECT_FALSE(glob_matches(pattern + "b", std::string(4000, 'a'), false));
}

TEST(Glob, ManyBracketsEndInTime) {
  std::string pattern = "*[";
  for (int i = 0; i < 20'000; ++i) {
    pattern += "[:";
  }
  const std::string unclosed = pattern;
  const std::string closed = pattern + "x:]]z";
  EXPECT_EQ(testing::run_bounded({.cpu_seconds = 20},
                                 [&] {
                                   return !glob_matches(unclosed, std::string(2000, 'a'), false) &&
                                          !glob_matches(closed, std::string(2000, 'a'), true);
                                 }),
            "true");
}

}  // namespace
}  // namespace saker
