// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/load_problem.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace saker {

namespace {

constexpr LoadCodeInfo kCodes[] = {
#define SAKER_LOAD_CODE(enumerator, severity, code, short_text, long_text) \
  {Severity::severity, code, short_text, long_text},
#include "rules/loader/load_codes.inc"
#undef SAKER_LOAD_CODE
};

constexpr std::array<std::string_view, 21> kItemWords{
    "value for",
    "exceptions",
    "exception",
    "exception values",
    "exception value",
    "rules content",
    "rules content item",
    "required_engine_version",
    "required plugin versions",
    "required plugin versions entry",
    "required plugin versions alternative",
    "list",
    "list item",
    "macro",
    "macro condition",
    "rule",
    "rule condition",
    "condition expression",
    "rule output",
    "rule priority",
    "overrides",
};

constexpr std::size_t kSnippetSide = 80;
constexpr std::string_view kCut = "...";

}  // namespace

const LoadCodeInfo& info_of(LoadCode code) {
  return kCodes[static_cast<std::size_t>(code)];
}

std::string_view to_text(ItemKind kind) {
  return kItemWords[static_cast<std::size_t>(kind)];
}

std::string falco_snippet(std::string_view content, std::size_t offset) {
  if (content.empty()) {
    return "<No context available>";
  }
  // The position can be behind the end, or on a line end.
  std::size_t at = std::min(offset, content.size() - 1);
  while (at > 0 && content[at] == '\n') {
    --at;
  }
  std::size_t begin = at;
  while (begin > 0 && content[begin - 1] != '\n' && at - begin < kSnippetSide) {
    --begin;
  }
  std::size_t end = at;  // of the last byte
  while (end + 1 < content.size() && content[end + 1] != '\n' && end - at < kSnippetSide) {
    ++end;
  }
  std::string snippet(content.substr(begin, end - begin + 1));
  if (at - begin >= kSnippetSide) {
    snippet.replace(0, kCut.size(), kCut);
  }
  if (end - at >= kSnippetSide) {
    snippet.replace(snippet.size() - kCut.size(), kCut.size(), kCut);
  }
  snippet += '\n';
  snippet.append(at - begin, ' ');
  snippet += "^\n";
  return snippet;
}

}  // namespace saker
