// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Text put together from several places that remembers where each byte came from. The loader builds
// the condition of a rule with it — condition, appended text, exceptions, items of lists — and
// registers the result as a virtual source, so that a span of the parser leads back to the file.
//
//   SpannedText text(condition, span_in_file);
//   text.append(" and ", span_of_the_append_key);
//   SourceId source = text.register_in(sources, span_in_file);
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/source_map.h"

namespace saker {

// A word or value that stands in one place: a list item, a field of an exception.
struct SourceText {
  std::string text;
  SourceSpan span;
};

// At most 4 GiB - 1 bytes.
class SpannedText {
public:
  SpannedText() = default;
  SpannedText(std::string_view text, SourceSpan origin) { append(text, origin); }
  // Takes over decoded text whose segments are as SourceMap::add_virtual() wants them.
  SpannedText(std::string text, std::vector<SourceSegment> segments)
      : text_(std::move(text)), segments_(std::move(segments)) {}

  // Appends `text`. When `origin` is as long as it, they agree byte by byte; otherwise (generated
  // text, escapes) every byte maps to the whole of `origin`. Text of kNone maps to the fallback.
  void append(std::string_view text, SourceSpan origin);
  void append(const SourceText& word) { append(word.text, word.span); }
  void append(const SpannedText& other) { append(other, 0, other.size()); }
  // Appends `length` bytes of `other` (another object), from `begin`.
  void append(const SpannedText& other, std::size_t begin, std::size_t length);
  // Keeps the first `size` bytes.
  void truncate(std::size_t size);
  // Replaces bytes [begin, end). Linear in the length of the text.
  void substitute(std::size_t begin, std::size_t end, const SpannedText& replacement);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::vector<SourceSegment>& segments() const { return segments_; }
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  // Returns the origin of bytes [begin, end), as far as the first of them reaches; kNone's span
  // when it has none.
  [[nodiscard]] SourceSpan origin_of(std::size_t begin, std::size_t end) const;

  // Makes a virtual source of the text. Bytes without an origin map to `fallback`.
  [[nodiscard]] SourceId register_in(SourceMap& sources, SourceSpan fallback = {}) const;

private:
  // Index of the first segment that ends behind `at`.
  [[nodiscard]] std::size_t segment_at(std::size_t at) const;
  void add_segment(const SourceSegment& segment);

  std::string text_;
  std::vector<SourceSegment> segments_;  // sorted, not overlapping
};

}  // namespace saker
