// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/rule_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/base/read_all.h"

namespace saker::app {

namespace {

namespace fs = std::filesystem;

bool is_rule_file(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!entry.is_directory(error) && is_rule_file(entry.path())) {
      files.push_back(entry.path().string());
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

Result<std::vector<std::string>> resolve_rule_files(const std::vector<std::string>& paths,
                                                    MissingPath missing) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      if (missing == MissingPath::kIsSkipped) {
        continue;
      }
      return fail(ErrorCode::kNotFound, "Could not get info on rules file " + path + ": " +
                                            (error ? error.message() : "no such file"));
    }
    if (fs::is_directory(status)) {
      const std::vector<std::string> inside = files_in(path);
      files.insert(files.end(), inside.begin(), inside.end());
    } else if (is_rule_file(path)) {
      files.push_back(path);
    }
  }
  return files;
}

Result<std::vector<RuleFile>> read_rule_files(const std::vector<std::string>& paths) {
  std::vector<RuleFile> files;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      return fail(ErrorCode::kIo, "Could not open file " + path + " for reading");
    }
    files.push_back({path, read_all(file)});
    if (file.bad()) {
      return fail(ErrorCode::kIo, "Could not read file " + path);
    }
  }
  return files;
}

}  // namespace saker::app
