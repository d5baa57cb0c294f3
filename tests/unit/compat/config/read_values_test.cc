// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/read_values.h"

#include <gtest/gtest.h>

namespace saker::config {
namespace {

TEST(ReadValues, BooleansInTheirRegularCases) {
  for (const char* text :
       {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}) {
    bool value = false;
    EXPECT_TRUE(parse_bool(text, value)) << text;
    EXPECT_TRUE(value) << text;
  }
  for (const char* text : {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off"}) {
    bool value = true;
    EXPECT_TRUE(parse_bool(text, value)) << text;
    EXPECT_FALSE(value) << text;
  }
  for (const char* text : {"", "tRUE", "trUe", "1", "0", "yess", "ye", "oN"}) {
    bool value = false;
    EXPECT_FALSE(parse_bool(text, value)) << text;
  }
}

TEST(ReadValues, UnsignedNumbers) {
  struct Case {
    const char* text;
    bool is_valid;
    std::uint64_t value;
  };
  for (const Case& c : {Case{"0", true, 0}, Case{"42", true, 42}, Case{"0x10", true, 16},
                        Case{"18446744073709551615", true, 18446744073709551615ULL},
                        Case{"18446744073709551616", false, 0}, Case{"-1", false, 0},
                        Case{"", false, 0}, Case{"1.5", false, 0}, Case{"1s", false, 0}}) {
    std::uint64_t value = 0;
    EXPECT_EQ(parse_uint(c.text, value), c.is_valid) << c.text;
    if (c.is_valid) {
      EXPECT_EQ(value, c.value) << c.text;
    }
  }
}

TEST(ReadValues, Doubles) {
  struct Case {
    const char* text;
    bool is_valid;
    double value;
  };
  for (const Case& c : {Case{".1", true, 0.1}, Case{".03333", true, 0.03333}, Case{"1", true, 1},
                        Case{"+2.5", true, 2.5}, Case{"-1e3", true, -1000}, Case{"", false, 0},
                        Case{"1,5", false, 0}, Case{"abc", false, 0}}) {
    double value = 0;
    EXPECT_EQ(parse_double(c.text, value), c.is_valid) << c.text;
    if (c.is_valid) {
      EXPECT_DOUBLE_EQ(value, c.value) << c.text;
    }
  }
}

}  // namespace
}  // namespace saker::config
