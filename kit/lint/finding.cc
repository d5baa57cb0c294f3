// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/lint/finding.h"

#include <map>

#include "kit/base/text.h"

namespace saker::kit {

void set_fingerprints(std::vector<Finding>& findings, const SourceMap& sources) {
  std::map<std::string, int> seen;
  for (Finding& finding : findings) {
    const SourceLocation place = sources.locate(finding.span);
    const std::string_view file = place.file.substr(place.file.rfind('/') + 1);
    const std::string key = finding.code + '\n' + finding.item + '\n' + std::string(file) + '\n' +
                            squeeze(place.line_text);
    finding.fingerprint = stable_digest(key + '\n' + std::to_string(seen[key]++));
  }
}

}  // namespace saker::kit
