// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where text came from. Every span of a rule, condition or configuration is a byte range of a
// registered source; SourceMap turns it into file, line and column. A condition is a virtual
// source: its decoded text plus segments that map its bytes back to the file that holds it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saker {

enum class SourceId : std::uint32_t { kNone = 0xffffffff };

// Half-open byte range [begin, end) of one source.
struct SourceSpan {
  SourceId source = SourceId::kNone;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const SourceSpan&, const SourceSpan&) = default;
};

// A run of `length` bytes of a virtual source, beginning at `begin`, that stands at `origin` in
// another source. When `is_exact` the runs agree byte by byte; otherwise every byte maps to the
// whole of `origin`.
struct SourceSegment {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
  SourceSpan origin;
  bool is_exact = true;
};

struct SourceLocation {
  std::string_view file;
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;  // from 1, in bytes
  std::string_view line_text;
  std::uint32_t length = 0;  // bytes of the span on this line
};

class SourceMap {
public:
  // Registers a file's text; the map owns a copy. At most 4 GiB - 1 bytes.
  SourceId add_file(std::string name, std::string text);

  // Registers decoded text. `segments` are sorted by `begin` and do not overlap; bytes outside all
  // of them map to `fallback`.
  SourceId add_virtual(std::string text, std::vector<SourceSegment> segments, SourceSpan fallback);

  // Forgets the source that was registered last, if `source` is that and virtual. Whoever loads
  // thousands of conditions needs only the text of those that have something wrong.
  void remove_last_virtual(SourceId source);

  [[nodiscard]] std::string_view text(SourceId source) const;
  [[nodiscard]] std::string_view name(SourceId source) const;  // empty for virtual sources

  // Follows segments until a file is reached. The span of kNone stays as it is.
  [[nodiscard]] SourceSpan to_file(SourceSpan span) const;
  // Location of the span's begin, in its file. All zero for kNone.
  [[nodiscard]] SourceLocation locate(SourceSpan span) const;

private:
  struct Source {
    std::string name;
    std::string text;
    std::vector<SourceSegment> segments;
    SourceSpan fallback;
    std::vector<std::uint32_t> line_starts;  // files only
  };

  std::vector<Source> sources_;
};

}  // namespace saker
