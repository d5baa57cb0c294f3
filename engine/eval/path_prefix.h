// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The set of paths behind `pmatch`: a value matches when one of them is a component-wise prefix of
// it. Components are what stands between slashes; empty ones do not count. A component with ?, * or
// [ is a shell pattern for exactly one component. Source: falco-compat.md 1.6.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saker {

class PathPrefixSet {
public:
  PathPrefixSet() : nodes_(1) {}

  void add(std::string_view path);
  [[nodiscard]] bool matches(std::string_view value) const { return matches_below(0, value); }

private:
  struct TreeNode {
    bool is_end = false;
    std::map<std::string, std::uint32_t, std::less<>> children;
    std::vector<std::pair<std::string, std::uint32_t>> patterns;
  };

  [[nodiscard]] bool matches_below(std::uint32_t node, std::string_view rest) const;

  std::vector<TreeNode> nodes_;
};

}  // namespace saker
