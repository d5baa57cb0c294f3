// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/integration/cli/run_binary.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

namespace saker::testing {

namespace {

using namespace std::chrono_literals;

std::string read_text(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) {
    list.push_back(text.data());
  }
  list.push_back(nullptr);
  return list;
}

}  // namespace

RunResult Binary::run(const std::vector<std::string>& arguments) {
  start(arguments);
  return wait();
}

void Binary::start(const std::vector<std::string>& arguments, int out) {
  const char* built = std::getenv("SAKER_BIN");
  ASSERT_NE(built, nullptr) << "SAKER_BIN names the program to test";
  const char* binary = program_file.empty() ? built : program_file.c_str();
  std::vector<std::string> words = {program_name};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::map<std::string, std::string> values = {
      {"TZ", "UTC"}, {"LC_ALL", "C"}, {"FALCO_HOSTNAME", "vm"}, {"PATH", "/usr/bin:/bin"}};
  for (const auto& [name, value] : env) {
    values[name] = value;
  }
  std::vector<std::string> environment;
  for (const auto& [name, value] : values) {
    environment.push_back(name + "=" + value);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (out < 0) {
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path("stdout").c_str(), kWrite, 0600);
  } else {
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  }
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, path("stderr").c_str(), kWrite, 0600);
  const int error = ::posix_spawn(&pid_, binary, &actions, nullptr, pointers(words).data(),
                                  pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  ASSERT_EQ(error, 0) << binary;
}

void Binary::send_signal(int signal) const {
  ::kill(pid_, signal);
}

bool Binary::is_running() const {
  siginfo_t info{};
  return pid_ > 0 &&
         ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0;
}

bool Binary::wait_for(const std::string& text) const {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (std::chrono::steady_clock::now() < deadline) {
    if (read("stderr").find(text) != std::string::npos ||
        read("stdout").find(text) != std::string::npos) {
      return true;
    }
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

RunResult Binary::wait() {
  int status = 0;
  if (pid_ > 0) {
    ::waitpid(pid_, &status, 0);
  }
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read("stdout"),
          read("stderr")};
}

std::string Binary::write(const std::string& name, const std::string& text) {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::string Binary::read(const std::string& name) const {
  return read_text(path(name));
}

std::string quiet_config(const std::string& more) {
  return "stdout_output: {enabled: true}\nsyslog_output: {enabled: false}\nlog_stderr: true\n"
         "log_syslog: false\n" +
         more;
}

}  // namespace saker::testing
