// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/file_risk.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace saker::app {

namespace {

std::string mode_text(mode_t mode) {
  constexpr mode_t kPermissions = 07777;
  char text[16];
  std::snprintf(text, sizeof text, "%04o", mode & kPermissions);
  return text;
}

// Of a file, or of the folder that it is in.
std::string risk_of(const struct stat& entry, const std::string& what) {
  if (entry.st_uid != 0 && entry.st_uid != ::geteuid()) {
    return what + " belongs to user " + std::to_string(entry.st_uid) +
           ", who can change what is watched";
  }
  // In a sticky folder others cannot replace what is not theirs.
  const bool is_sticky_folder = S_ISDIR(entry.st_mode) && (entry.st_mode & S_ISVTX) != 0;
  if ((entry.st_mode & S_IWOTH) != 0 && !is_sticky_folder) {
    return what + " can be written by everyone (mode " + mode_text(entry.st_mode) +
           "), who can thus change what is watched";
  }
  return {};
}

}  // namespace

std::string file_risk(const std::string& path) {
  struct stat entry {};
  if (::stat(path.c_str(), &entry) != 0) {
    return {};
  }
  if (S_ISREG(entry.st_mode) || S_ISDIR(entry.st_mode)) {
    if (std::string risk = risk_of(entry, "it"); !risk.empty()) {
      return risk;
    }
  }
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) {
    folder = ".";
  }
  struct stat parent {};
  return ::stat(folder.c_str(), &parent) == 0 ? risk_of(parent, "its folder") : std::string{};
}

}  // namespace saker::app
