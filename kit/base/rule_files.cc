// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/rule_files.h"

#include <utility>

#include "kit/base/files.h"

namespace saker::kit {

Result<std::vector<RuleFile>> read_rule_files(const std::vector<std::string>& paths) {
  std::vector<RuleFile> files;
  for (const std::string& path : paths) {
    SAKER_ASSIGN_OR_RETURN(std::string text, read_file(path));
    files.push_back({path, std::move(text)});
  }
  return files;
}

}  // namespace saker::kit
