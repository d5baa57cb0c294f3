// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/path_prefix.h"

#include <vector>

#include <gtest/gtest.h>

namespace saker {
namespace {

struct PrefixCase {
  std::vector<std::string_view> paths;
  std::string_view value;
  bool is_match;
};

TEST(PathPrefixSet, ComparesComponents) {
  const PrefixCase cases[] = {
      {{"/var/run"}, "/var/run/docker", true},
      {{"/var/run"}, "/var/running", false},
      {{"/var/run"}, "/var/run", true},
      {{"/var/run/docker"}, "/var/run", false},
      {{"var/run"}, "/var/run/x", true},
      {{"/var//run/"}, "var/run", true},
      {{"/"}, "/anything", true},
      {{"/"}, "", true},
      {{""}, "/anything", true},
      {{"/a"}, "", false},
      {{}, "/a", false},
      {{"/a/*/c"}, "/a/b/c/d", true},
      {{"/a/*/c"}, "/a/b/x", false},
      {{"/a/?"}, "/a/bc", false},
      {{"/a/[bc]x"}, "/a/cx/y", true},
      {{"/a/b/c", "/a/*/d"}, "/a/b/d", true},
      {{"/usr/bin", "/usr/lib"}, "/usr/lib/x", true},
      {{"/usr/bin", "/usr/lib"}, "/usr/sbin/x", false},
  };
  for (const PrefixCase& c : cases) {
    PathPrefixSet set;
    for (const std::string_view path : c.paths) {
      set.add(path);
    }
    EXPECT_EQ(set.matches(c.value), c.is_match)
        << (c.paths.empty() ? "nothing" : c.paths.front()) << " on " << c.value;
  }
}

}  // namespace
}  // namespace saker
