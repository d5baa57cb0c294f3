// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/text_columns.h"

namespace saker::cli {

void append_columns(std::string& out, std::string_view left, std::string_view right,
                    std::size_t column, std::size_t width) {
  out += left;
  std::size_t at = left.size();
  if (at >= column) {
    out += '\n';
    at = 0;
  }
  out.append(column - at, ' ');
  at = column;
  while (!right.empty()) {
    const std::size_t end = right.find(' ');
    const std::string_view word = right.substr(0, end);
    if (at > column && at + 1 + word.size() > width) {
      out += '\n';
      out.append(column, ' ');
      at = column;
    } else if (at > column) {
      out += ' ';
      ++at;
    }
    out += word;
    at += word.size();
    right = end == std::string_view::npos ? std::string_view{} : right.substr(end + 1);
  }
  out += '\n';
}

}  // namespace saker::cli
