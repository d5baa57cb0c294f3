// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/json_depth.h"

#include <string>

#include <gtest/gtest.h>

namespace saker {
namespace {

TEST(JsonDepth, CountsWhatIsOpen) {
  EXPECT_FALSE(is_nested_deeper("", 0));
  EXPECT_FALSE(is_nested_deeper("[[]]", 2));
  EXPECT_TRUE(is_nested_deeper("[[[]]]", 2));
  EXPECT_TRUE(is_nested_deeper(R"({"a":[{}]})", 2));
  EXPECT_FALSE(is_nested_deeper("[],[],[],{}", 1));
}

TEST(JsonDepth, LeavesTextsAlone) {
  EXPECT_FALSE(is_nested_deeper(R"(["[[[{{{", "\"[[["])", 1));
  EXPECT_TRUE(is_nested_deeper(R"(["\\", [1]])", 1));
}

TEST(JsonDepth, StandsWhatIsNoJson) {
  EXPECT_FALSE(is_nested_deeper("]]]]}", 1));
  EXPECT_TRUE(is_nested_deeper("]]]][[", 1));
  EXPECT_FALSE(is_nested_deeper("\"\\", 0));
  EXPECT_TRUE(is_nested_deeper(std::string(kMaxJsonDepth + 1, '[')));
}

}  // namespace
}  // namespace saker
