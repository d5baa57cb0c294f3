// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/lsp/document.h"

#include <algorithm>

#include "rules/loader/yaml_source.h"

namespace saker::kit {

namespace {

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

// UTF-16 units of the character that begins with this byte; 0 for a continuation byte.
std::uint32_t units_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if ((byte & 0xc0U) == 0x80U) {
    return 0;
  }
  return byte >= 0xf0U ? 2 : 1;
}

}  // namespace

Document::Document(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') {
      line_starts_.push_back(i + 1);
    }
  }
  read_items();
}

void Document::read_items() {
  const auto yaml = YamlFile::parse(text_);
  if (!yaml) {
    return;
  }
  for (const YamlNode* document : yaml->documents()) {
    if (!document->is_sequence()) {
      continue;
    }
    for (std::size_t n = 0; n < document->items.size(); ++n) {
      const YamlNode& item = *document->items[n];
      const std::size_t end =
          n + 1 < document->items.size() ? document->items[n + 1]->mark.offset : text_.size();
      ItemRegion region;
      for (std::size_t i = 0; item.is_map() && i + 1 < item.items.size(); i += 2) {
        const YamlNode& key = *item.items[i];
        const YamlNode& value = *item.items[i + 1];
        const bool names = key.text == "rule" || key.text == "macro" || key.text == "list";
        if (names && region.kind.empty()) {
          region.kind = key.text;
          region.name = value.text;
          const std::size_t found = text_.find(value.text, value.mark.offset);
          region.name_begin = found == std::string::npos ? value.mark.offset : found;
        }
        const std::size_t next = i + 2 < item.items.size() ? item.items[i + 2]->mark.offset : end;
        region.keys.push_back({key.text, key.mark.offset + key.text.size() + 1,
                               std::max<std::size_t>(next, value.mark.offset)});
      }
      items_.push_back(std::move(region));
    }
  }
}

std::size_t Document::offset_of(LspPosition position) const {
  if (position.line >= line_starts_.size()) {
    return text_.size();
  }
  std::size_t at = line_starts_[position.line];
  for (std::uint32_t units = 0; at < text_.size() && text_[at] != '\n'; ++at) {
    const std::uint32_t size = units_of(text_[at]);
    if (size > 0 && units >= position.character) {
      break;
    }
    units += size;
  }
  return at;
}

LspPosition Document::position_of(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto next = std::ranges::upper_bound(line_starts_, offset);
  const auto line = static_cast<std::uint32_t>(next - line_starts_.begin() - 1);
  LspPosition position{line, 0};
  for (std::size_t at = line_starts_[line]; at < offset; ++at) {
    position.character += units_of(text_[at]);
  }
  return position;
}

std::string_view Document::word_at(std::size_t offset, std::size_t& begin) const {
  offset = std::min(offset, text_.size());
  begin = offset;
  while (begin > 0 && is_word_char(text_[begin - 1])) {
    --begin;
  }
  std::size_t end = offset;
  while (end < text_.size() && is_word_char(text_[end])) {
    ++end;
  }
  return std::string_view(text_).substr(begin, end - begin);
}

std::string Document::key_at(std::size_t offset) const {
  for (const ItemRegion& item : items_) {
    for (const KeyRegion& key : item.keys) {
      if (offset >= key.begin && offset <= key.end) {
        return key.key;
      }
    }
  }
  // While the text is no YAML: the last line above that looks like a key.
  std::size_t end = std::min(offset, text_.size());
  while (end > 0) {
    const std::size_t begin = text_.rfind('\n', end - 1) + 1;
    std::string_view line = std::string_view(text_).substr(begin, end - begin);
    line.remove_prefix(std::min(line.find_first_not_of("- "), line.size()));
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && colon > 0 &&
        std::ranges::all_of(line.substr(0, colon), is_word_char)) {
      return std::string(line.substr(0, colon));
    }
    if (begin == 0) {
      break;
    }
    end = begin - 1;
  }
  return {};
}

std::vector<std::size_t> Document::uses_of(std::string_view name) const {
  std::vector<std::size_t> uses;
  for (const ItemRegion& item : items_) {
    for (const KeyRegion& key : item.keys) {
      if (key.key != "condition" && key.key != "items" && key.key != "exceptions") {
        continue;
      }
      for (std::size_t at = text_.find(name, key.begin);
           at != std::string::npos && at + name.size() <= key.end; at = text_.find(name, at + 1)) {
        const bool begins = at == 0 || !is_word_char(text_[at - 1]);
        const bool ends =
            at + name.size() == text_.size() || !is_word_char(text_[at + name.size()]);
        if (begins && ends) {
          uses.push_back(at);
        }
      }
    }
  }
  return uses;
}

}  // namespace saker::kit
