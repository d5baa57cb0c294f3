// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/support/killed_driver.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace saker::testing {

namespace {

using Clock = std::chrono::steady_clock;

// Reads numbers until the pipe ends or `until`; returns whether it has ended.
bool follow(int pipe, Clock::time_point until, std::uint64_t& next) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    pollfd entry{.fd = pipe, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&entry, 1, static_cast<int>(left.count())) == 0) {
      return false;
    }
    std::uint64_t last = 0;
    if (::read(pipe, &last, sizeof last) != sizeof last) {
      return true;
    }
    next = last + 1;
  }
}

pid_t start(const DriverPlan& plan, std::uint64_t first, int& pipe) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  std::vector<std::string> words = {plan.program,          plan.kind,
                                    plan.receiver,         plan.spool,
                                    std::to_string(first), std::to_string(plan.alert_count)};
  std::vector<char*> arguments;
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const std::string log = plan.spool + ".driver.log";
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  pid_t pid = -1;
  EXPECT_EQ(
      ::posix_spawn(&pid, plan.program.c_str(), &actions, nullptr, arguments.data(), ::environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  pipe = ends[0];
  return pid;
}

}  // namespace

int run_killed_driver(const DriverPlan& plan, std::mt19937& random) {
  std::uint64_t next = 0;
  int kill_count = 0;
  while (true) {
    int pipe = -1;
    const pid_t pid = start(plan, next, pipe);
    const bool is_killed = kill_count < plan.kill_count;
    const int life_ms =
        is_killed ? 1 + static_cast<int>(random() % static_cast<unsigned>(plan.longest_life_ms))
                  : 120'000;
    const bool has_ended = follow(pipe, Clock::now() + std::chrono::milliseconds(life_ms), next);
    if (!has_ended) {
      ::kill(pid, SIGKILL);
      // What it had said before counts.
      follow(pipe, Clock::now() + std::chrono::seconds(10), next);
    }
    ::close(pipe);
    int status = 0;
    ::waitpid(pid, &status, 0);
    if (WIFSIGNALED(status)) {
      ++kill_count;
      EXPECT_TRUE(is_killed) << "the driver did not end in time";
      if (is_killed) {
        continue;
      }
    }
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    return kill_count;
  }
}

}  // namespace saker::testing
