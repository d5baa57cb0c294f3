// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/path.h"

#include <gtest/gtest.h>

namespace saker {
namespace {

struct JoinCase {
  std::string_view dir;
  std::string_view path;
  std::string_view expected;
};

class JoinPath : public ::testing::TestWithParam<JoinCase> {};

TEST_P(JoinPath, GivesTheNormalisedPath) {
  std::string out = "old";
  join_path(GetParam().dir, GetParam().path, out);
  EXPECT_EQ(out, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, JoinPath,
    ::testing::Values(
        JoinCase{"/home/", "a", "/home/a"}, JoinCase{"/home/", "/etc/passwd", "/etc/passwd"},
        JoinCase{"/home/", "", ""}, JoinCase{"/", "a", "/a"}, JoinCase{"/home/", "a/", "/home/a"},
        JoinCase{"/home/", "/", "/"}, JoinCase{"/home/", "a//b///c", "/home/a/b/c"},
        JoinCase{"/home/", "./a/./b/.", "/home/a/b"}, JoinCase{"/home/x/", "../a", "/home/a"},
        JoinCase{"/home/x/", "../../../../a", "/a"}, JoinCase{"/home/x/", "a/../..", "/home"},
        JoinCase{"", "/../../a", "/a"}, JoinCase{"/home/", ".", "/home"},
        JoinCase{"/home/", "..", "/"}, JoinCase{"./", "a", "./a"}, JoinCase{"./", "../a", "a"},
        JoinCase{"/h/", ".a/..b/...", "/h/.a/..b/..."},
        // The directory is not looked into.
        JoinCase{"/a//b/../", "c", "/a//b/../c"},
        // It is joined as it stands.
        JoinCase{kUnknownDirectory, "a/b", "<UNKNOWN>a/b"},
        JoinCase{kUnknownDirectory, "../b", "<UNKNOWN>../b"},
        JoinCase{kUnknownDirectory, "/b", "/b"}));

TEST(JoinPath, GivesUpOnLongPaths) {
  std::string out;
  const std::string name(1000, 'a');
  join_path("/", name, out);
  EXPECT_EQ(out, "/" + name);
  const std::string dir = "/" + std::string(21, 'd') + "/";
  join_path(dir, name, out);
  EXPECT_EQ(out, dir + name);  // 23 + 1000 + 1 = 1024
  join_path("/" + dir, name, out);
  EXPECT_EQ(out, kPathTooLong);
  // The length of a directory counts even when the path is absolute.
  join_path(dir, "/" + name, out);
  EXPECT_EQ(out, kPathTooLong);
}

TEST(RemoveRepeatedSlashes, KeepsEverythingElse) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"/", "/"},
      {"//", "/"},
      {"a//b", "a/b"},
      {"///a///b//", "/a/b/"},
      {"./../a", "./../a"},
      {"a/b/c", "a/b/c"},
      {"a////", "a/"},
  };
  for (const auto& [path, expected] : cases) {
    std::string out;
    remove_repeated_slashes(path, out);
    EXPECT_EQ(out, expected) << path;
  }
}

}  // namespace
}  // namespace saker
