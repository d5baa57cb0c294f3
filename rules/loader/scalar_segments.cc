// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One pass with two cursors. A decoded character that is not white space must be the next raw
// character that is not white space (or its escape); decoded white space takes the raw white space
// that stands there. Runs of bytes that agree become one segment.
#include "rules/loader/scalar_segments.h"

#include <algorithm>
#include <cstddef>

namespace saker {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

enum class Style : std::uint8_t { kPlain, kSingle, kDouble, kBlock };

class Aligner {
public:
  Aligner(std::string_view raw, SourceId source, std::size_t at)
      : raw_(raw), source_(source), at_(std::min(at, raw.size())) {}

  // Skips anchors, tags and the comment and line break behind them, and finds out how the scalar
  // is written.
  void enter() {
    skip_properties();
    if (at_ >= raw_.size()) {
      return;
    }
    begin_ = at_;
    const char first = raw_[at_];
    if (first == '\'' || first == '"') {
      style_ = first == '"' ? Style::kDouble : Style::kSingle;
      ++at_;
    } else if (first == '|' || first == '>') {
      style_ = Style::kBlock;
      skip_line();
    }
  }

  // False when the texts do not agree.
  bool align(std::string_view decoded) {
    std::size_t i = 0;
    while (i < decoded.size()) {
      const std::size_t used = step(decoded, i);
      if (used == 0) {
        return false;
      }
      i += used;
    }
    return true;
  }

  [[nodiscard]] SourceSpan whole() const {
    std::size_t end = at_;
    while (end > begin_ && is_space(raw_[end - 1])) {
      --end;
    }
    if ((style_ == Style::kSingle || style_ == Style::kDouble) && end < raw_.size()) {
      ++end;  // the closing quote
    }
    return span(begin_, end);
  }
  [[nodiscard]] SourceSpan first_line() const {
    return span(begin_, std::min(raw_.find('\n', begin_), raw_.size()));
  }

  std::vector<SourceSegment> segments;

private:
  [[nodiscard]] SourceSpan span(std::size_t begin, std::size_t end) const {
    return SourceSpan{source_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  void skip_line() { at_ = std::min(raw_.find('\n', at_), raw_.size()); }

  void skip_properties() {
    while (at_ < raw_.size() && (raw_[at_] == '&' || raw_[at_] == '!')) {
      while (at_ < raw_.size() && !is_space(raw_[at_])) {
        ++at_;
      }
      skip_space();
      while (at_ < raw_.size() && raw_[at_] == '#') {
        skip_line();
        skip_space();
      }
    }
  }

  void skip_space() {
    while (at_ < raw_.size() && is_space(raw_[at_])) {
      ++at_;
    }
  }

  // Places the byte decoded[i], and those that the same escape made; returns how many, 0 when it
  // cannot be found.
  std::size_t step(std::string_view decoded, std::size_t i) {
    const char wanted = decoded[i];
    if (is_at_escape()) {
      return step_escape(decoded, i);
    }
    if (is_space(wanted)) {
      const bool is_there = at_ < raw_.size() && is_space(raw_[at_]);
      add(i, 1, at_, 1, is_there && raw_[at_] == wanted);
      at_ += is_there ? 1 : 0;
      return 1;
    }
    skip_space();
    if (is_at_escape()) {
      return step_escape(decoded, i);
    }
    if (at_ >= raw_.size() || raw_[at_] != wanted) {
      return 0;
    }
    add(i, 1, at_, 1, true);
    at_ += style_ == Style::kSingle && wanted == '\'' ? 2 : 1;
    return 1;
  }

  // A backslash at the end of a line only joins it with the next.
  bool is_at_escape() {
    if (style_ != Style::kDouble) {
      return false;
    }
    while (at_ + 1 < raw_.size() && raw_[at_] == '\\') {
      if (raw_[at_ + 1] != '\n' && raw_[at_ + 1] != '\r') {
        return true;
      }
      ++at_;
      skip_space();
    }
    return false;
  }

  std::size_t step_escape(std::string_view decoded, std::size_t i) {
    const char kind = raw_[at_ + 1];
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    const std::size_t length = std::min(2 + digits, raw_.size() - at_);
    // \N, \_ and the numbered ones can make several bytes of UTF-8.
    std::size_t made = 1;
    if (digits > 0 || kind == 'N' || kind == '_' || kind == 'L' || kind == 'P') {
      while (i + made < decoded.size() && (decoded[i + made] & 0xc0) == 0x80) {
        ++made;
      }
    }
    add(i, made, at_, length, false);
    at_ += length;
    return made;
  }

  void add(std::size_t begin, std::size_t length, std::size_t raw_begin, std::size_t raw_length,
           bool is_exact) {
    if (is_exact && !segments.empty()) {
      SourceSegment& last = segments.back();
      if (last.is_exact && last.begin + last.length == begin && last.origin.end == raw_begin) {
        last.length += static_cast<std::uint32_t>(length);
        last.origin.end += static_cast<std::uint32_t>(raw_length);
        return;
      }
    }
    segments.push_back(SourceSegment{static_cast<std::uint32_t>(begin),
                                     static_cast<std::uint32_t>(length),
                                     span(raw_begin, raw_begin + raw_length), is_exact});
  }

  std::string_view raw_;
  SourceId source_;
  std::size_t at_;
  std::size_t begin_ = 0;
  Style style_ = Style::kPlain;
};

}  // namespace

ScalarPlace place_scalar(std::string_view raw, SourceId source, std::uint32_t offset,
                         std::string_view decoded) {
  Aligner aligner(raw, source, offset);
  aligner.enter();
  ScalarPlace place;
  if (!aligner.align(decoded)) {
    place.whole = aligner.first_line();
    return place;
  }
  place.whole = aligner.whole();
  place.segments = std::move(aligner.segments);
  return place;
}

}  // namespace saker
