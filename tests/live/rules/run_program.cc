// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/live/rules/run_program.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

namespace saker::test {

namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

int run_program(std::vector<std::string> arguments, const std::filesystem::path& file,
                std::vector<std::string> environment) {
  environment.emplace_back("PATH=/usr/sbin:/usr/bin:/sbin:/bin");
  const std::vector<char*> argv = pointers_to(arguments);
  const std::vector<char*> env = pointers_to(environment);
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen(file.c_str(), "w", stdout) == nullptr) {
      _exit(126);
    }
    dup2(STDOUT_FILENO, STDERR_FILENO);
    execve(argv[0], argv.data(), env.data());
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
    return -1;
  }
  return WEXITSTATUS(status);
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace saker::test
