// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/path_prefix.h"

#include "engine/eval/glob.h"

namespace saker {

namespace {

// Cuts the first component off `rest`; empty when there is none.
std::string_view next_component(std::string_view& rest) {
  const std::size_t begin = rest.find_first_not_of('/');
  if (begin == std::string_view::npos) {
    rest = {};
    return {};
  }
  rest.remove_prefix(begin);
  const std::size_t end = rest.find('/');
  const std::string_view component = rest.substr(0, end);
  rest.remove_prefix(component.size());
  return component;
}

}  // namespace

void PathPrefixSet::add(std::string_view path) {
  std::uint32_t node = 0;
  for (std::string_view component = next_component(path); !component.empty();
       component = next_component(path)) {
    const auto fresh = static_cast<std::uint32_t>(nodes_.size());
    std::uint32_t child = fresh;
    if (component.find_first_of("?*[") != std::string_view::npos) {
      for (const auto& [pattern, index] : nodes_[node].patterns) {
        if (pattern == component) {
          child = index;
        }
      }
      if (child == fresh) {
        nodes_[node].patterns.emplace_back(component, fresh);
      }
    } else {
      child = nodes_[node].children.try_emplace(std::string(component), fresh).first->second;
    }
    if (child == fresh) {
      nodes_.emplace_back();
    }
    node = child;
  }
  nodes_[node].is_end = true;
}

bool PathPrefixSet::matches_below(std::uint32_t node, std::string_view rest) const {
  if (nodes_[node].is_end) {
    return true;
  }
  const std::string_view component = next_component(rest);
  if (component.empty()) {
    return false;
  }
  const auto exact = nodes_[node].children.find(component);
  if (exact != nodes_[node].children.end() && matches_below(exact->second, rest)) {
    return true;
  }
  for (const auto& [pattern, child] : nodes_[node].patterns) {
    if (glob_matches(pattern, component, false) && matches_below(child, rest)) {
      return true;
    }
  }
  return false;
}

}  // namespace saker
