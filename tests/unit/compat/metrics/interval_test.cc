// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/interval.h"

#include <gtest/gtest.h>

namespace saker::metrics {
namespace {

struct Case {
  const char* text;
  std::uint64_t ms;  // 0: refused
};

TEST(Interval, Table) {
  for (const Case& c : {Case{"1h", 3'600'000},
                        Case{"5000ms", 5000},
                        Case{"1h30m", 5'400'000},
                        Case{"15m", 900'000},
                        Case{"1d12h", 129'600'000},
                        Case{"2w", 1'209'600'000},
                        Case{"1y", 31'536'000'000},
                        Case{"1m500ms", 60'500},
                        Case{"100ms", 100},
                        Case{"99ms", 0},
                        Case{"0s", 0},
                        Case{"", 0},
                        Case{"5", 0},
                        Case{"s", 0},
                        Case{"30y", 946'080'000'000},
                        Case{"31y", 0},
                        Case{"1000000y", 0},
                        Case{"1000000w", 0},
                        Case{"1000000d", 0},
                        Case{"1m1h", 0},
                        Case{"1s1s", 0},
                        Case{"1 h", 0},
                        Case{"-1h", 0},
                        Case{"1q", 0},
                        Case{"99999999999999999999h", 0}}) {
    const auto parsed = parse_interval(c.text);
    EXPECT_EQ(parsed.has_value(), c.ms != 0) << c.text;
    if (parsed) {
      EXPECT_EQ(*parsed, c.ms * 1'000'000) << c.text;
    }
  }
}

}  // namespace
}  // namespace saker::metrics
