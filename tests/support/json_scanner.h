// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Walks over one line of flat JSON, {"key": value, …}, without building a tree: the recordings are
// a gigabyte. Values are numbers, strings, true, false, null and arrays of strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace saker::testing {

class JsonScanner {
public:
  // `line` must stay alive; it begins with '{'.
  explicit JsonScanner(std::string_view line) : line_(line), at_(1) {}

  // Moves to the next key. False at the end of the object.
  bool next() {
    at_ = line_.find_first_of("\"}", at_);
    if (at_ == std::string_view::npos || line_[at_] == '}') {
      return false;
    }
    key_ = take_string();
    at_ = line_.find_first_not_of(": ", at_);
    const std::size_t begin = at_;
    skip_value();
    value_ = line_.substr(begin, at_ - begin);
    return true;
  }

  [[nodiscard]] std::string_view key() const { return key_; }
  // As it is written, quotes and escapes included.
  [[nodiscard]] std::string_view value() const { return value_; }

private:
  // The cursor stands on the opening quote; moves behind the closing one.
  std::string_view take_string() {
    const std::size_t begin = ++at_;
    while (true) {
      at_ = line_.find_first_of("\"\\", at_);
      if (line_[at_] == '"') {
        break;
      }
      at_ += 2;
    }
    return line_.substr(begin, at_++ - begin);
  }

  void skip_value() {
    if (line_[at_] == '"') {
      take_string();
    } else if (line_[at_] == '[') {
      while (line_[at_] != ']') {
        if (line_[at_] == '"') {
          take_string();
        } else {
          ++at_;
        }
      }
      ++at_;
    } else {
      at_ = line_.find_first_of(",}", at_);
    }
  }

  std::string_view line_;
  std::size_t at_;
  std::string_view key_;
  std::string_view value_;
};

}  // namespace saker::testing
