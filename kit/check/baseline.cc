// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/check/baseline.h"

namespace saker::kit {

std::set<std::string> read_baseline(std::string_view text) {
  std::set<std::string> fingerprints;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    if (!word.empty() && word.front() != '#') {
      fingerprints.emplace(word);
    }
  }
  return fingerprints;
}

std::string baseline_text(std::span<const Finding> findings, const SourceMap& sources) {
  std::string out =
      "# Findings of saker check that are accepted. Written by: saker check --write-baseline\n";
  for (const Finding& finding : findings) {
    const SourceLocation place = sources.locate(finding.span);
    out += finding.fingerprint + " " + finding.code + " " +
           std::string(place.file.substr(place.file.rfind('/') + 1)) +
           (finding.item.empty() ? "" : " " + finding.item) + "\n";
  }
  return out;
}

}  // namespace saker::kit
