// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/read_all.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace saker {
namespace {

TEST(ReadAll, ReadsTexts) {
  for (const std::size_t size : {0U, 1U, 16383U, 16384U, 16385U, 100'000U}) {
    std::string text(size, 'x');
    text.append("\0\n", 2);
    std::istringstream in(text);
    EXPECT_EQ(read_all(in), text);
    EXPECT_FALSE(in.bad());
  }
}

// The iterators of a stream's buffer throw here.
TEST(ReadAll, AFolderIsNoText) {
  std::ifstream file("/", std::ios::binary);
  EXPECT_EQ(read_all(file), "");
  EXPECT_TRUE(file.bad() || !file.is_open());
}

}  // namespace
}  // namespace saker
