// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/image_name.h"

#include <gtest/gtest.h>

namespace saker::containers {
namespace {

struct Case {
  const char* name;
  const char* repository;
  const char* tag;
  const char* digest;
};

TEST(ImageName, IsSplit) {
  constexpr Case kCases[] = {
      {"nginx", "nginx", "", ""},
      {"nginx:1.25", "nginx", "1.25", ""},
      {"localhost:5000/team/app", "localhost:5000/team/app", "", ""},
      {"localhost:5000/team/app:v2", "localhost:5000/team/app", "v2", ""},
      {"quay.io/app@sha256:abc", "quay.io/app", "", "sha256:abc"},
      {"quay.io/app:v1@sha256:abc", "quay.io/app", "v1", "sha256:abc"},
      {"", "", "", ""},
      {":", "", "", ""},
      {"@", "", "", ""},
  };
  for (const Case& one : kCases) {
    const ImageName parts = split_image_name(one.name);
    EXPECT_EQ(parts.repository, one.repository) << one.name;
    EXPECT_EQ(parts.tag, one.tag) << one.name;
    EXPECT_EQ(parts.digest, one.digest) << one.name;
  }
}

TEST(ImageName, TellsIdsFromNames) {
  const std::string digits(64, 'a');
  EXPECT_TRUE(is_image_id(digits));
  EXPECT_TRUE(is_image_id("sha256:" + digits));
  EXPECT_FALSE(is_image_id("sha256:" + digits + "0"));
  EXPECT_FALSE(is_image_id(std::string(64, 'g')));
  EXPECT_FALSE(is_image_id("nginx"));
}

}  // namespace
}  // namespace saker::containers
