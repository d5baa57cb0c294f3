// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "engine/base/read_all.h"

namespace saker::kit {

namespace {

namespace fs = std::filesystem;

bool is_yaml(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

bool is_test_file(const fs::path& path) {
  return path.stem().string().ends_with("_test");
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    return fail(ErrorCode::kIo, path + " is a folder");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail_errno("cannot read " + path, errno);
  }
  std::string text = read_all(file);
  if (file.bad()) {
    return fail(ErrorCode::kIo, "cannot read " + path);
  }
  return text;
}

Status write_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  {
    std::ofstream file(fresh, std::ios::binary);
    file << text;
    if (!file.flush()) {
      return fail_errno("cannot write " + path, errno);
    }
  }
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!error && fs::exists(status)) {
    fs::permissions(fresh, status.permissions(), error);
  }
  fs::rename(fresh, path, error);
  return error ? fail(ErrorCode::kIo, "cannot write " + path + ": " + error.message()) : Status{};
}

Result<std::vector<std::string>> expand_yaml_paths(const std::vector<std::string>& paths,
                                                   bool tests) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error)) {
      return fail(ErrorCode::kNotFound, "there is no file " + path);
    }
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> inside;
    for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
      if (entry.is_regular_file(error) && is_yaml(entry.path()) &&
          is_test_file(entry.path()) == tests) {
        inside.push_back(entry.path().string());
      }
    }
    std::ranges::sort(inside);
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void print_error(std::string_view text) {
  const std::string line = "Error: " + std::string(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

bool is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace saker::kit
