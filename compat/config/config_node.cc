// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/config_node.h"

#include <algorithm>
#include <utility>

namespace saker::config {

ConfigNode ConfigNode::of_scalar(std::string text, SourceSpan span) {
  ConfigNode node;
  node.kind = Kind::kScalar;
  node.scalar = std::move(text);
  node.span = span;
  return node;
}

const ConfigNode* ConfigNode::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &ConfigMember::key);
  return found == members.end() ? nullptr : &found->value;
}

ConfigNode* ConfigNode::find(std::string_view key) {
  return const_cast<ConfigNode*>(std::as_const(*this).find(key));  // NOLINT: same object
}

const ConfigNode* ConfigNode::at_path(std::string_view path) const {
  const ConfigNode* node = this;
  while (node != nullptr && !path.empty()) {
    const std::size_t dot = path.find('.');
    node = node->find(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return node;
}

ConfigNode& ConfigNode::member(std::string_view key) {
  if (!is_map()) {
    const SourceSpan where = span;
    *this = ConfigNode{};
    kind = Kind::kMap;
    span = where;
  }
  if (ConfigNode* known = find(key); known != nullptr) {
    return *known;
  }
  members.push_back({std::string(key), {}});
  return members.back().value;
}

}  // namespace saker::config
