// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/file_watcher.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace saker::app {
namespace {

TEST(FileWatcher, TellsOfFilesAndFolders) {
  const testing::TempDir dir;
  const std::string file = dir.file("file");
  std::ofstream(file) << "a";
  std::filesystem::create_directory(dir.path() / "folder");
  auto watcher = FileWatcher::open({file, dir.file("folder"), dir.file("missing")});
  ASSERT_TRUE(watcher) << watcher.error().message;
  EXPECT_FALSE(watcher->has_changed());
  std::ofstream(file) << "b";
  EXPECT_TRUE(watcher->has_changed());
  EXPECT_FALSE(watcher->has_changed()) << "told once";
  std::ofstream(dir.file("folder/new")) << "c";
  EXPECT_TRUE(watcher->has_changed());
  std::filesystem::remove(dir.path() / "folder" / "new");
  EXPECT_TRUE(watcher->has_changed());
  std::filesystem::rename(file, dir.file("elsewhere"));
  EXPECT_TRUE(watcher->has_changed());
  std::ofstream(dir.file("unwatched")) << "d";
  EXPECT_FALSE(watcher->has_changed());
  std::ofstream(dir.file("missing")) << "e";
  EXPECT_TRUE(watcher->has_changed());
  EXPECT_FALSE(watcher->has_changed());
}

namespace fs = std::filesystem;

TEST(FileWatcher, TellsOfAFolderInThePlaceOfAnother) {
  const testing::TempDir dir;
  fs::create_directory(dir.path() / "rules");
  fs::create_directory(dir.path() / "next");
  auto watcher = FileWatcher::open({dir.file("rules")});
  ASSERT_TRUE(watcher) << watcher.error().message;
  EXPECT_FALSE(watcher->has_changed());
  fs::rename(dir.path() / "rules", dir.path() / "old");
  fs::rename(dir.path() / "next", dir.path() / "rules");
  EXPECT_TRUE(watcher->has_changed());
  EXPECT_FALSE(watcher->has_changed());
}

// As Kubernetes exchanges the files of a ConfigMap.
TEST(FileWatcher, TellsOfSymbolicLinksThatLeadElsewhere) {
  const testing::TempDir dir;
  for (const char* name : {"one", "two"}) {
    fs::create_directory(dir.path() / name);
    std::ofstream(dir.path() / name / "a.yaml") << name;
  }
  fs::create_directory_symlink("one", dir.path() / "data");
  fs::create_symlink("data/a.yaml", dir.path() / "a.yaml");
  auto folder = FileWatcher::open({dir.file("data")});
  auto file = FileWatcher::open({dir.file("a.yaml")});
  ASSERT_TRUE(folder && file);
  EXPECT_FALSE(folder->has_changed() || file->has_changed());
  fs::create_directory_symlink("two", dir.path() / "next");
  fs::rename(dir.path() / "next", dir.path() / "data");
  EXPECT_TRUE(folder->has_changed());
  EXPECT_TRUE(file->has_changed());
  EXPECT_FALSE(folder->has_changed() || file->has_changed());
}

}  // namespace
}  // namespace saker::app
