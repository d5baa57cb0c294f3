// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A folder for the files of one test, removed with everything in it at the end.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "engine/base/check.h"

namespace saker::testing {

class TempDir {
public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "saker-test-XXXXXX").string();
    SAKER_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }

private:
  std::filesystem::path path_;
};

}  // namespace saker::testing
