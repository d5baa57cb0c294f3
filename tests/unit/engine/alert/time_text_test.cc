// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/time_text.h"

#include <stdlib.h>
#include <time.h>

#include <gtest/gtest.h>

namespace saker {
namespace {

std::string time_of_day(std::uint64_t ts_ns) {
  std::string out;
  append_time_of_day(out, ts_ns);
  return out;
}

TEST(TimeText, IsoIsUtc) {
  std::string out;
  append_iso_time(out, 1534527348519016591ULL, "Z");
  EXPECT_EQ(out, "2018-08-17T17:35:48.519016591Z");
  out.clear();
  append_iso_time(out, 5, "+0000");
  EXPECT_EQ(out, "1970-01-01T00:00:00.000000005+0000");
}

TEST(TimeText, TimeOfDayFollowsTheZone) {
  ASSERT_EQ(::setenv("TZ", "UTC", 1), 0);
  ::tzset();
  EXPECT_EQ(time_of_day(1534527348519016591ULL), "17:35:48.519016591");
  ASSERT_EQ(::setenv("TZ", "XYZ-2", 1), 0);
  ::tzset();
  EXPECT_EQ(time_of_day(1534527348000000001ULL), "19:35:48.000000001");
  ASSERT_EQ(::setenv("TZ", "UTC", 1), 0);
  ::tzset();
}

}  // namespace
}  // namespace saker
