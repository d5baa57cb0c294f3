// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/diff/git.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

extern char** environ;

namespace saker::kit {

namespace {

// Runs git without a shell; its standard output, or its failure.
Result<std::string> run_git(const std::vector<std::string>& words) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail_errno("pipe", errno);
  }
  std::vector<char*> argv;
  std::string program = "git";
  std::vector<std::string> copies = words;
  argv.push_back(program.data());
  for (std::string& word : copies) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, "git", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string out;
  std::array<char, 65536> buffer;
  for (ssize_t n = 0; error == 0 && (n = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  if (error != 0) {
    return fail_errno("cannot run git", error);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return fail(ErrorCode::kIo, "git " + words.front() + " failed");
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> git_commits(const std::string& range,
                                             const std::vector<std::string>& paths) {
  std::vector<std::string> words = {"rev-list", "--reverse", range, "--"};
  words.insert(words.end(), paths.begin(), paths.end());
  SAKER_ASSIGN_OR_RETURN(const std::string text, run_git(words));
  std::vector<std::string> commits;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin);
    commits.push_back(text.substr(begin, end - begin));
    begin = end == std::string::npos ? text.size() : end + 1;
  }
  return commits;
}

Result<std::string> git_file(const std::string& commit, const std::string& path) {
  return run_git({"show", commit + ":./" + path});
}

Result<std::string> git_title(const std::string& commit) {
  SAKER_ASSIGN_OR_RETURN(std::string text, run_git({"log", "-1", "--format=%h %s", commit}));
  while (text.ends_with('\n')) {
    text.pop_back();
  }
  return text;
}

}  // namespace saker::kit
