// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/version.h"

#include <optional>
#include <string_view>

#include <gtest/gtest.h>

namespace saker {
namespace {

TEST(Version, ParsesThreeNumbers) {
  struct Case {
    std::string_view text;
    std::optional<Version> version;
  };
  const Case cases[] = {
      {"0.63.0", Version{0, 63, 0}},
      {"1.2.3-rc1", Version{1, 2, 3}},
      {"10.0.1", Version{10, 0, 1}},
      {"0.63", {}},
      {"1", {}},
      {"", {}},
      {"a.b.c", {}},
      {"1..2", {}},
      {"1.2.", {}},
      {"99999999999.0.0", {}},
      {"-1.0.0", {}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(parse_version(c.text), c.version) << c.text;
  }
}

TEST(Version, IsSatisfiedBySameMajorAndNotOlder) {
  const Version have{0, 63, 1};
  EXPECT_TRUE(have.satisfies({0, 63, 1}));
  EXPECT_TRUE(have.satisfies({0, 63, 0}));
  EXPECT_TRUE(have.satisfies({0, 1, 99}));
  EXPECT_FALSE(have.satisfies({0, 63, 2}));
  EXPECT_FALSE(have.satisfies({0, 64, 0}));
  EXPECT_FALSE(have.satisfies({1, 0, 0}));
  EXPECT_FALSE((Version{1, 0, 0}).satisfies({0, 1, 0}));
  EXPECT_EQ(to_text(have), "0.63.1");
}

}  // namespace
}  // namespace saker
