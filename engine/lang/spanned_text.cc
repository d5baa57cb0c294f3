// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/spanned_text.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"

namespace saker {

namespace {

std::uint32_t narrow(std::size_t value) {
  return static_cast<std::uint32_t>(value);
}

}  // namespace

void SpannedText::add_segment(const SourceSegment& segment) {
  if (segment.length == 0 || segment.origin.source == SourceId::kNone) {
    return;
  }
  if (!segments_.empty()) {
    // Neighbours that came from one place grow together, so that cutting and joining text does not
    // pile up segments.
    SourceSegment& last = segments_.back();
    const bool touches = last.begin + last.length == segment.begin &&
                         last.origin.source == segment.origin.source &&
                         last.is_exact == segment.is_exact;
    if (touches && segment.is_exact && last.origin.end == segment.origin.begin) {
      last.length += segment.length;
      last.origin.end = segment.origin.end;
      return;
    }
    if (touches && !segment.is_exact && last.origin == segment.origin) {
      last.length += segment.length;
      return;
    }
  }
  segments_.push_back(segment);
}

void SpannedText::append(std::string_view text, SourceSpan origin) {
  add_segment(SourceSegment{.begin = narrow(text_.size()),
                            .length = narrow(text.size()),
                            .origin = origin,
                            .is_exact = origin.end - origin.begin == text.size()});
  text_ += text;
}

std::size_t SpannedText::segment_at(std::size_t at) const {
  const auto found = std::partition_point(
      segments_.begin(), segments_.end(),
      [at](const SourceSegment& segment) { return segment.begin + segment.length <= at; });
  return static_cast<std::size_t>(found - segments_.begin());
}

void SpannedText::append(const SpannedText& other, std::size_t begin, std::size_t length) {
  SAKER_DCHECK(&other != this && begin + length <= other.size());
  const std::size_t shift = text_.size();
  const std::size_t end = begin + length;
  for (std::size_t i = other.segment_at(begin); i < other.segments_.size(); ++i) {
    SourceSegment segment = other.segments_[i];
    if (segment.begin >= end) {
      break;
    }
    const std::size_t from = std::max<std::size_t>(segment.begin, begin);
    const std::size_t to = std::min<std::size_t>(segment.begin + segment.length, end);
    if (segment.is_exact) {
      segment.origin.begin += narrow(from - segment.begin);
      segment.origin.end = segment.origin.begin + narrow(to - from);
    }
    segment.begin = narrow(from - begin + shift);
    segment.length = narrow(to - from);
    add_segment(segment);
  }
  text_.append(other.text_, begin, length);
}

void SpannedText::truncate(std::size_t size) {
  SAKER_DCHECK(size <= text_.size());
  text_.resize(size);
  while (!segments_.empty() && segments_.back().begin >= size) {
    segments_.pop_back();
  }
  if (!segments_.empty() && segments_.back().begin + segments_.back().length > size) {
    SourceSegment& last = segments_.back();
    last.length = narrow(size - last.begin);
    if (last.is_exact) {
      last.origin.end = last.origin.begin + last.length;
    }
  }
}

void SpannedText::substitute(std::size_t begin, std::size_t end, const SpannedText& replacement) {
  SpannedText out;
  out.append(*this, 0, begin);
  out.append(replacement);
  out.append(*this, end, size() - end);
  *this = std::move(out);
}

SourceSpan SpannedText::origin_of(std::size_t begin, std::size_t end) const {
  const std::size_t i = segment_at(begin);
  if (i == segments_.size() || segments_[i].begin > begin) {
    return SourceSpan{};
  }
  const SourceSegment& segment = segments_[i];
  if (!segment.is_exact) {
    return segment.origin;
  }
  const std::size_t to = std::clamp<std::size_t>(end, begin, segment.begin + segment.length);
  return SourceSpan{segment.origin.source, segment.origin.begin + narrow(begin - segment.begin),
                    segment.origin.begin + narrow(to - segment.begin)};
}

SourceId SpannedText::register_in(SourceMap& sources, SourceSpan fallback) const {
  return sources.add_virtual(text_, segments_, fallback);
}

}  // namespace saker
