// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Finds the reference data that are too large for the source tree. A test that needs them skips
// itself when they are not there:
//
//   const auto dir = testing::shared_dir();
//   if (dir.empty()) { GTEST_SKIP() << testing::kNoSharedData; }
#pragma once

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace saker::testing {

inline constexpr const char* kNoSharedData =
    "no reference data: set SAKER_SHARED_DIR or put `shared` beside the checkout";

// Returns $SAKER_SHARED_DIR, else `shared` beside the checkout, else an empty path.
[[nodiscard]] inline std::filesystem::path shared_dir() {
  std::error_code ignored;
  if (const char* dir = std::getenv("SAKER_SHARED_DIR"); dir != nullptr && *dir != '\0') {
    return std::filesystem::is_directory(dir, ignored) ? dir : std::filesystem::path();
  }
  const char* source = std::getenv("SAKER_SOURCE_DIR");
  const auto checkout = source != nullptr ? std::filesystem::path(source) : ".";
  auto beside = std::filesystem::weakly_canonical(checkout, ignored).parent_path() / "shared";
  return std::filesystem::is_directory(beside, ignored) ? beside : std::filesystem::path();
}

}  // namespace saker::testing
