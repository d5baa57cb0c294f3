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

}  // namespace
}  // namespace saker::app
