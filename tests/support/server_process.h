// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A server program of the machine that a test starts, in the foreground, and ends by its pid.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace saker::testing {

class ServerProcess {
public:
  ServerProcess() = default;
  ~ServerProcess() { end(SIGKILL); }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Path of the program, looked for where Debian has it; empty: not installed.
  [[nodiscard]] static std::string find(const std::string& name) {
    for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"}) {
      if (::access((folder + name).c_str(), X_OK) == 0) {
        return folder + name;
      }
    }
    return {};
  }

  // `arguments` begin with the program's path. What it prints goes to `log`.
  void start(const std::vector<std::string>& arguments, const std::string& log) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) {
      argv.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: execv() does not write
    }
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
      ::dup2(fd, STDOUT_FILENO);
      ::dup2(fd, STDERR_FILENO);
      ::execv(argv.front(), argv.data());
      ::_exit(127);
    }
  }

  [[nodiscard]] bool is_running() const {
    return pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == 0;
  }
  void signal(int number) const {
    if (pid_ > 0) {
      ::kill(pid_, number);
    }
  }
  // Sends the signal and waits for the end.
  void end(int number) {
    if (pid_ > 0) {
      ::kill(pid_, number);
      ::waitpid(pid_, nullptr, 0);
      pid_ = -1;
    }
  }

private:
  pid_t pid_ = -1;
};

}  // namespace saker::testing
