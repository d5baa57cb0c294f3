// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// YAML text to a tree of plain nodes with positions. The only file that knows yaml-cpp is the
// source of this header. Aliases share the node that they name, so that a small file cannot grow
// by repetition; what the tree would be with every alias written out is counted and limited.
//
//   auto file = YamlFile::parse(text);
//   for (const YamlNode* document : file->documents()) { ... document->find("rule") ... }
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "engine/base/growth_limit.h"

namespace saker {

// Counted from 0, in bytes of the text without its byte order mark.
// Source: YAML::Mark; Falco prints it as it is.
struct YamlMark {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t offset = 0;
};

enum class YamlKind : std::uint8_t { kNull, kScalar, kSequence, kMap };

struct YamlNode {
  YamlKind kind = YamlKind::kNull;
  bool is_plain = true;    // a scalar without quotes, block indicator or tag
  YamlMark mark;           // of a block scalar its '|' or '>', of a map its first key
  std::string text;        // kScalar: decoded
  std::uint32_t size = 1;  // this and all below it, with aliases written out
  // kSequence: the items; kMap: key, value, key, value … as written, duplicates included.
  std::vector<const YamlNode*> items;

  [[nodiscard]] bool is_null() const { return kind == YamlKind::kNull; }
  [[nodiscard]] bool is_scalar() const { return kind == YamlKind::kScalar; }
  [[nodiscard]] bool is_sequence() const { return kind == YamlKind::kSequence; }
  [[nodiscard]] bool is_map() const { return kind == YamlKind::kMap; }
  // Value of the first key with this text; null when there is none or this is not a map.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
};

struct YamlError {
  std::string message;  // with yaml-cpp's own prefix, as Falco shows it
  YamlMark mark;
  bool is_limit = false;  // the text is YAML, but larger than we read
};

class YamlFile {
public:
  // Bounds of one file. Nesting is bounded by yaml-cpp (500 levels).
  static constexpr std::size_t kMaxBytes = 64 << 20;
  static constexpr std::size_t kMaxNodes = growth_limit(8 << 20);  // with aliases written out

  // Reads every document of `text`. The nodes own their texts.
  [[nodiscard]] static tl::expected<YamlFile, YamlError> parse(std::string_view text);

  // In order; a document without content is a null node.
  [[nodiscard]] const std::vector<const YamlNode*>& documents() const { return documents_; }

private:
  friend class YamlTreeBuilder;

  std::deque<YamlNode> nodes_;
  std::vector<const YamlNode*> documents_;
};

}  // namespace saker
