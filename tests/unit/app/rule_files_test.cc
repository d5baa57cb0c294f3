// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/rule_files.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace saker::app {
namespace {

TEST(RuleFiles, FoldersByNameAndOnlyYaml) {
  const testing::TempDir dir;
  std::filesystem::create_directories(dir.path() / "d" / "nested.yaml");
  for (const char* name : {"d/b.yaml", "d/a.yml", "d/c.txt", "x.yaml", "y.json"}) {
    std::ofstream(dir.file(name)) << "";
  }
  const auto files = resolve_rule_files({dir.file("x.yaml"), dir.file("d"), dir.file("y.json")},
                                        MissingPath::kIsError);
  ASSERT_TRUE(files);
  EXPECT_EQ(*files, (std::vector<std::string>{dir.file("x.yaml"), dir.file("d/a.yml"),
                                              dir.file("d/b.yaml")}));
}

TEST(RuleFiles, MissingPaths) {
  EXPECT_FALSE(resolve_rule_files({"/no/such.yaml"}, MissingPath::kIsError));
  EXPECT_TRUE(resolve_rule_files({"/no/such.yaml"}, MissingPath::kIsSkipped)->empty());
}

}  // namespace
}  // namespace saker::app
