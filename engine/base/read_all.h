// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The rest of a stream as text.
#pragma once

#include <array>
#include <istream>
#include <string>

namespace saker {

// Reads to the end. When the system cannot read (a folder, a broken disk) the text ends early and
// in.bad() is true; iterators over the stream's buffer would throw.
[[nodiscard]] inline std::string read_all(std::istream& in) {
  std::string text;
  std::array<char, 16384> piece;
  while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
    text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  }
  return text;
}

}  // namespace saker
