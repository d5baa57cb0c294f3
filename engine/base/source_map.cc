// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/source_map.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"

namespace saker {

namespace {

std::size_t index_of(SourceId source) {
  return static_cast<std::size_t>(source);
}

}  // namespace

SourceId SourceMap::add_file(std::string name, std::string text) {
  Source source{.name = std::move(name), .text = std::move(text)};
  source.line_starts.push_back(0);
  for (std::size_t i = 0; i < source.text.size(); ++i) {
    if (source.text[i] == '\n') {
      source.line_starts.push_back(static_cast<std::uint32_t>(i + 1));
    }
  }
  sources_.push_back(std::move(source));
  return SourceId{static_cast<std::uint32_t>(sources_.size() - 1)};
}

SourceId SourceMap::add_virtual(std::string text, std::vector<SourceSegment> segments,
                                SourceSpan fallback) {
  sources_.push_back(
      Source{.text = std::move(text), .segments = std::move(segments), .fallback = fallback});
  return SourceId{static_cast<std::uint32_t>(sources_.size() - 1)};
}

void SourceMap::remove_last_virtual(SourceId source) {
  if (index_of(source) + 1 == sources_.size() && sources_.back().line_starts.empty()) {
    sources_.pop_back();
  }
}

std::string_view SourceMap::text(SourceId source) const {
  SAKER_CHECK(index_of(source) < sources_.size());
  return sources_[index_of(source)].text;
}

std::string_view SourceMap::name(SourceId source) const {
  SAKER_CHECK(index_of(source) < sources_.size());
  return sources_[index_of(source)].name;
}

SourceSpan SourceMap::to_file(SourceSpan span) const {
  // Sources only refer to earlier ones, so this ends.
  while (span.source != SourceId::kNone) {
    const Source& source = sources_[index_of(span.source)];
    if (!source.line_starts.empty()) {
      return span;
    }
    auto after =
        std::upper_bound(source.segments.begin(), source.segments.end(), span.begin,
                         [](std::uint32_t at, const SourceSegment& s) { return at < s.begin; });
    if (after == source.segments.begin()) {
      span = source.fallback;
      continue;
    }
    const SourceSegment& segment = *std::prev(after);
    const std::uint32_t offset = span.begin - segment.begin;
    if (offset > segment.length) {
      span = source.fallback;
      continue;
    }
    if (!segment.is_exact) {
      span = segment.origin;
      continue;
    }
    const std::uint32_t length = std::min(span.end - span.begin, segment.length - offset);
    const std::uint32_t begin = segment.origin.begin + offset;
    span = SourceSpan{segment.origin.source, begin, begin + length};
  }
  return span;
}

SourceLocation SourceMap::locate(SourceSpan span) const {
  span = to_file(span);
  if (span.source == SourceId::kNone) {
    return {};
  }
  const Source& source = sources_[index_of(span.source)];
  const auto size = static_cast<std::uint32_t>(source.text.size());
  const std::uint32_t at = std::min(span.begin, size);
  auto next = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), at);
  const std::uint32_t start = *std::prev(next);
  std::uint32_t end = next == source.line_starts.end() ? size : *next - 1;
  if (end > start && source.text[end - 1] == '\r') {
    --end;
  }
  return SourceLocation{
      .file = source.name,
      .line = static_cast<std::uint32_t>(next - source.line_starts.begin()),
      .column = at - start + 1,
      .line_text = std::string_view(source.text).substr(start, end - start),
      .length = std::min(std::max(span.end, at) - at, end > at ? end - at : 0),
  };
}

}  // namespace saker
