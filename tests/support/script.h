// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs a script of the project, as scripts/NAME.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <string>

namespace saker::testing {

// What a script ends with when this machine lacks what it needs.
inline constexpr int kScriptSkipped = 77;

// Exit status; 1 when a signal ended it. The project's folder is $SAKER_SOURCE_DIR.
[[nodiscard]] inline int run_script(const std::string& name, const std::string& arguments) {
  const char* source = std::getenv("SAKER_SOURCE_DIR");
  const std::string script = std::string(source == nullptr ? "." : source) + "/scripts/" + name;
  const int status = std::system((script + " " + arguments).c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace saker::testing
