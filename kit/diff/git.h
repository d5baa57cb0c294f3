// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What `saker diff --bisect` asks git: the commits of a range and files as they were.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace saker::kit {

// Commits of `range` (GOOD..BAD) that touch `paths`, oldest first.
[[nodiscard]] Result<std::vector<std::string>> git_commits(const std::string& range,
                                                           const std::vector<std::string>& paths);
// Text of a file (relative to the working folder) in a commit.
[[nodiscard]] Result<std::string> git_file(const std::string& commit, const std::string& path);
// "abc1234 subject"
[[nodiscard]] Result<std::string> git_title(const std::string& commit);

}  // namespace saker::kit
