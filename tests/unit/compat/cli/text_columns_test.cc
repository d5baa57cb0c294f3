// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/text_columns.h"

#include <gtest/gtest.h>

namespace saker::cli {
namespace {

std::string columns(std::string_view left, std::string_view right) {
  std::string out;
  append_columns(out, left, right, 6, 16);
  return out;
}

TEST(TextColumns, BreaksBetweenWords) {
  EXPECT_EQ(columns("a", "one two three"), "a     one two\n      three\n");
  EXPECT_EQ(columns("a", "one"), "a     one\n");
  EXPECT_EQ(columns("a", ""), "a     \n");
}

TEST(TextColumns, LongWordsAndLongTitlesStandAlone) {
  EXPECT_EQ(columns("a", "averyverylongword x"), "a     averyverylongword\n      x\n");
  EXPECT_EQ(columns("a.long.name", "text"), "a.long.name\n      text\n");
}

}  // namespace
}  // namespace saker::cli
