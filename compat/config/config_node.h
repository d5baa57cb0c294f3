// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A configuration file as a tree, before keys mean anything. Plain owned data; every node knows
// where it stands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/source_map.h"

namespace saker::config {

struct ConfigMember;

struct ConfigNode {
  enum class Kind : std::uint8_t { kNull, kScalar, kSequence, kMap };

  Kind kind = Kind::kNull;
  std::string scalar;  // decoded, environment variables replaced
  std::vector<ConfigNode> items;
  std::vector<ConfigMember> members;  // in file order; of equal keys the first counts
  SourceSpan span;

  [[nodiscard]] static ConfigNode of_scalar(std::string text, SourceSpan span = {});
  [[nodiscard]] bool is_map() const { return kind == Kind::kMap; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::kSequence; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::kScalar; }

  // Member of a map; null when this is no map or has no such key.
  [[nodiscard]] const ConfigNode* find(std::string_view key) const;
  [[nodiscard]] ConfigNode* find(std::string_view key);
  // Follows a path of keys with dots between them; null when some key is missing.
  [[nodiscard]] const ConfigNode* at_path(std::string_view path) const;
  // Member `key`, made (null) when it does not exist. Turns a node that is no map into an empty
  // one.
  ConfigNode& member(std::string_view key);
};

struct ConfigMember {
  std::string key;
  ConfigNode value;
};

}  // namespace saker::config
