// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace saker {

// For maps with std::string keys that are looked up by views: no copy is made to look.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

}  // namespace saker
