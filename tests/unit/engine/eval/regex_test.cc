// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a rule's pattern may cost: RE2 takes time in proportion to the text, PCRE2 (by option, for
// what RE2 does not know) ends at its limits.
#include "engine/eval/regex.h"

#include <gtest/gtest.h>

#include "tests/support/bounded_run.h"

namespace saker {
namespace {

using testing::run_bounded;

constexpr std::size_t kMemory = 128U << 20;

// Whether the pattern compiles and does not match `text`, which it nearly does.
bool misses(std::string_view pattern, std::string_view text, bool is_pcre2) {
  Arena arena;
  const auto regex = Regex::compile(pattern, true);
  return regex && regex->is_pcre2() == is_pcre2 && !regex->matches(text, arena);
}

TEST(Regex, BacktrackingPatternsAreLinear) {
  const std::string text = std::string(100'000, 'a') + "!";
  for (const char* pattern : {"(a+)+b", "(a*)*b", "(a|aa)+b", "(a|a)*b", "([a-z]+)*b",
                              "a*a*a*a*a*a*b", "(.*)(.*)(.*)(.*)(.*)[^!]", "(a{0,30}){0,30}b"}) {
    EXPECT_EQ(run_bounded({.cpu_seconds = 5, .memory_bytes = kMemory},
                          [&] { return misses(pattern, text, false); }),
              "true")
        << pattern;
  }
}

TEST(Regex, WhatRe2DoesNotKnowEndsAtItsLimits) {
  const std::string text = std::string(20'000, 'a') + "!";
  for (const char* pattern : {"(?=a)(a+)+b", "(?=a)(a*)*b", "(a+)+\\1b", "(?=.)(a|aa)+b",
                              "(?>(a+)+)b", "(?=a)(((a+)+)+)+b", "^(?:(?=a)a|(?=aa)aa)+$b"}) {
    EXPECT_EQ(run_bounded({.cpu_seconds = 5, .memory_bytes = kMemory},
                          [&] { return misses(pattern, text, true); }),
              "true")
        << pattern;
  }
}

TEST(Regex, PatternsThatGrowAreRefused) {
  for (const char* pattern :
       {"((a{1,1000}){1,1000}){1,1000}", "(((((a{100}){100}){100}){100}){100})",
        "((((((((((x{2}){2}){2}){2}){2}){2}){2}){2}){900}){900})"}) {
    EXPECT_EQ(run_bounded({.cpu_seconds = 5, .memory_bytes = kMemory},
                          [&] { return !Regex::compile(pattern, false).has_value(); }),
              "true")
        << pattern;
    // PCRE2 has bounds of its own; it may take the pattern, but no time and no memory.
    EXPECT_NE(run_bounded({.cpu_seconds = 5, .memory_bytes = kMemory},
                          [&] { return Regex::compile(pattern, true).has_value(); })
                  .substr(0, 6),
              "signal")
        << pattern;
  }
}

TEST(Regex, DeepGroupsAreRefusedOrMatched) {
  const std::string pattern = std::string(50'000, '(') + "a" + std::string(50'000, ')');
  EXPECT_NE(run_bounded({.cpu_seconds = 5, .memory_bytes = kMemory},
                        [&] { return Regex::compile(pattern, true).has_value(); })
                .substr(0, 6),
            "signal");
}

}  // namespace
}  // namespace saker
