// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "kit/lint/lint_table.h"

namespace saker::kit {
namespace {

TEST(LintTable, IsSortedByCode) {
  EXPECT_TRUE(std::ranges::is_sorted(all_lints(), {}, &LintInfo::code));
}

TEST(LintTable, PageIsUpToDate) {
  const char* root = std::getenv("SAKER_SOURCE_DIR");
  ASSERT_NE(root, nullptr);
  std::ifstream file(std::string(root) + "/docs/lints.md");
  const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_EQ(page, lints_markdown()) << "run: saker check --list-lints markdown > docs/lints.md";
}

}  // namespace
}  // namespace saker::kit
