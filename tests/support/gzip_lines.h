// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Lines of a gzip-compressed text file.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace saker::testing {

class GzipLines {
public:
  // Fails the current test when the file cannot be opened.
  explicit GzipLines(const std::string& path);

  // Fills `line` without its line feed. False at the end of the file.
  bool next(std::string& line);

private:
  bool fill();

  std::shared_ptr<void> file_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

}  // namespace saker::testing
