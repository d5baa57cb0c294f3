// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// An open rule file: its text, positions as editors count them (lines and UTF-16 units from 0), and
// what items and keys stand where.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saker::kit {

struct LspPosition {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
};

struct LspRange {
  LspPosition begin;
  LspPosition end;
};

// The value of a key: bytes [begin, end) of the text, up to the next key.
struct KeyRegion {
  std::string key;
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct ItemRegion {
  std::string kind;  // rule, macro, list
  std::string name;
  std::size_t name_begin = 0;  // of the name's text, behind a quote
  std::vector<KeyRegion> keys;
};

class Document {
public:
  Document(std::string path, std::string text);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  // Empty while the text is not YAML: the last good ones.
  [[nodiscard]] const std::vector<ItemRegion>& items() const { return items_; }

  [[nodiscard]] std::size_t offset_of(LspPosition position) const;
  [[nodiscard]] LspPosition position_of(std::size_t offset) const;
  [[nodiscard]] LspRange range_of(std::size_t begin, std::size_t end) const {
    return {position_of(begin), position_of(end)};
  }

  // The word around `offset` (letters, digits, _ . -), and where it begins.
  [[nodiscard]] std::string_view word_at(std::size_t offset, std::size_t& begin) const;
  // The key whose value holds `offset`; empty when there is none.
  [[nodiscard]] std::string key_at(std::size_t offset) const;
  // Places where `name` stands as a whole word in conditions, items and exceptions.
  [[nodiscard]] std::vector<std::size_t> uses_of(std::string_view name) const;

private:
  void read_items();

  std::string path_;
  std::string text_;
  std::vector<std::size_t> line_starts_;
  std::vector<ItemRegion> items_;
};

}  // namespace saker::kit
