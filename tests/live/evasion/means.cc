// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/live/evasion/means.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <thread>

#include "app/demo/actions.h"
#include "tests/live/official/roles.h"

namespace saker::evasion {

using demo::failed;
using demo::OwnedFd;

namespace {

Status wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return failed("cannot wait");
    }
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0
             ? Status{}
             : fail(ErrorCode::kIo, "a child process failed");
}

}  // namespace

Status check(bool is_fine, const std::string& what) {
  return is_fine ? Status{} : failed(what);
}

Status lacking(const std::string& what) {
  return fail(ErrorCode::kUnsupported, what);
}

Status check_call(long result, const std::string& what) {
  if (result >= 0) {
    return {};
  }
  const bool is_missing = errno == ENOSYS || errno == EOPNOTSUPP || errno == ENODEV;
  return is_missing ? lacking(what + ": " + std::strerror(errno)) : failed(what);
}

Status open_close(const std::string& path, int flags, mode_t mode) {
  const OwnedFd file(open(path.c_str(), flags | O_CLOEXEC, mode));
  return check(file.get() >= 0, "cannot open " + path);
}

Status open_below(const std::string& folder, const std::string& path, int flags) {
  const OwnedFd parent(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const OwnedFd file(openat(parent.get(), path.c_str(), flags | O_CLOEXEC, 0600));
  return check(file.get() >= 0, "cannot open " + path + " below " + folder);
}

Status in_child(const std::function<Status()>& action) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(action() ? 0 : 1);
  }
  return wait_for(child);
}

Status in_orphan(bool with_new_session, const std::function<Status()>& action) {
  std::array<int, 2> ends = {};
  if (pipe(ends.data()) != 0) {
    return failed("cannot make a pipe");
  }
  const pid_t child = fork();
  if (child == 0) {
    const pid_t parent = getpid();
    if (fork() == 0) {
      if (with_new_session) {
        setsid();
      }
      while (getppid() == parent) {
        usleep(1000);  // until it is an orphan
      }
      _exit(action() ? 0 : 1);
    }
    _exit(0);
  }
  close(ends[1]);
  SAKER_RETURN_IF_ERROR(wait_for(child));
  char byte = 0;
  static_cast<void>(!read(ends[0], &byte, 1));  // the last holder of the other end has ended
  close(ends[0]);
  return {};
}

Status run_step_as(const std::string& program, const std::string& name, const std::string& step) {
  return run({program, name, "--step", step});
}

Status copy_self(const std::string& path) {
  SAKER_RETURN_IF_ERROR(demo::copy_program("/proc/self/exe", path));
  return check(chmod(path.c_str(), 0755) == 0, "cannot chmod " + path);
}

Status write_script(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  return check(chmod(path.c_str(), 0755) == 0, "cannot chmod " + path);
}

Status run(const std::vector<std::string>& words, const std::vector<std::string>& environment) {
  return demo::run_program(words.front(), {words.begin() + (words.size() > 1 ? 1 : 0), words.end()},
                           environment);
}

int memory_file(const char* name, const std::string& path) {
  const int memory = static_cast<int>(syscall(SYS_memfd_create, name, 0));
  const OwnedFd original(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat file {};
  if (memory < 0 || fstat(original.get(), &file) != 0 ||
      sendfile(memory, original.get(), nullptr, static_cast<std::size_t>(file.st_size)) < 0) {
    return -1;
  }
  return memory;
}

Status run_descriptor(int fd, const std::string& name) {
  if (fd < 0) {
    return failed("no program to run");
  }
  const pid_t child = fork();
  if (child == 0) {
    std::string first = name;
    const std::array<char*, 2> arguments = {first.data(), nullptr};
    syscall(SYS_execveat, fd, "", arguments.data(), environ, AT_EMPTY_PATH);
    _exit(127);
  }
  return wait_for(child);
}

Result<Connection> connect_privately() {
  SAKER_RETURN_IF_ERROR(official::enter_private_network({}));
  const OwnedFd listening(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9999);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);  // NOLINT: the interface of sockets
  Connection made;
  made.client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listening.get(), generic, sizeof(address)) != 0 || listen(listening.get(), 1) != 0 ||
      connect(made.client, generic, sizeof(address)) != 0) {
    return tl::unexpected(failed("cannot connect").error());
  }
  made.server = accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC);
  return made;
}

}  // namespace saker::evasion
