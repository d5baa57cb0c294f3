// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/check/apply_fixes.h"

#include <algorithm>
#include <vector>

namespace saker::kit {

std::map<std::string, std::string> apply_fixes(std::span<const Finding> findings,
                                               const SourceMap& sources) {
  std::map<SourceId, std::vector<Edit>> by_file;
  for (const Finding& finding : findings) {
    for (const Edit& edit : finding.fix) {
      by_file[edit.span.source].push_back(edit);
    }
  }
  std::map<std::string, std::string> texts;
  for (auto& [source, edits] : by_file) {
    std::ranges::stable_sort(edits, {}, [](const Edit& edit) { return edit.span.begin; });
    const std::string_view old = sources.text(source);
    std::string fresh;
    std::size_t at = 0;
    for (const Edit& edit : edits) {
      if (edit.span.begin < at || edit.span.end > old.size()) {
        continue;
      }
      fresh += old.substr(at, edit.span.begin - at);
      fresh += edit.replacement;
      at = edit.span.end;
    }
    texts[std::string(sources.name(source))] = fresh + std::string(old.substr(at));
  }
  return texts;
}

}  // namespace saker::kit
