// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/demo/actions.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include "app/demo/scenario.h"

namespace saker::demo {
namespace {

constexpr int kExecFailed = 127;

// Points standard output and error of a child at /dev/null, where there is one.
void silence_output() {
  const int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (fd >= 0) {
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    close(fd);
  }
}

std::vector<char*> as_pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> current_environment() {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    result.emplace_back(*entry);
  }
  return result;
}

}  // namespace

OwnedFd::~OwnedFd() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

Status failed(std::string_view what) {
  return fail_errno(std::string(what), errno);
}

Status read_file(const std::string& path) {
  const OwnedFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file.get() >= 0 ? Status{} : failed("cannot read " + path);
}

Status fail_to_read_file(const std::string& path) {
  const OwnedFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file.get() < 0 ? Status{} : fail(ErrorCode::kPermission, "could read " + path);
}

Status make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  return error ? fail_errno("cannot make " + path, error.value()) : Status{};
}

Status write_file(const std::string& path) {
  return write_file(path, 0644);
}

Status write_file(const std::string& path, mode_t mode) {
  SAKER_RETURN_IF_ERROR(make_folders(std::filesystem::path(path).parent_path()));
  const OwnedFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, mode));
  if (file.get() < 0 || write(file.get(), "demo\n", 5) != 5) {
    return failed("cannot write " + path);
  }
  return {};
}

Status copy_program(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, error);
  return error ? fail_errno("cannot copy " + from + " to " + to, error.value()) : Status{};
}

Status run_program(const std::string& path, const std::vector<std::string>& args,
                   const std::vector<std::string>& extra_env) {
  std::vector<std::string> argv = args;
  std::vector<std::string> env = current_environment();
  env.insert(env.end(), extra_env.begin(), extra_env.end());
  const std::vector<char*> argv_pointers = as_pointers(argv);
  const std::vector<char*> env_pointers = as_pointers(env);
  const pid_t child = fork();
  if (child < 0) {
    return failed("cannot fork");
  }
  if (child == 0) {
    silence_output();
    execve(path.c_str(), argv_pointers.data(), env_pointers.data());
    _exit(kExecFailed);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return failed("cannot wait for " + path);
    }
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == kExecFailed) {
    return fail(ErrorCode::kIo, "cannot start " + path);
  }
  return {};
}

Status run_true_as(const std::string& name, std::initializer_list<std::string> args) {
  const std::string link = std::string(kWorkFolder) + "/" + name;
  if (symlink("/bin/true", link.c_str()) != 0) {
    return failed("cannot link " + link);
  }
  std::vector<std::string> argv = {name};
  argv.insert(argv.end(), args.begin(), args.end());
  return run_program(link, argv);
}

Status become_nobody() {
  return setresuid(kNobody, kNobody, kNobody) == 0 ? Status{} : failed("cannot become nobody");
}

Status become_nobody_keeping_a_way_back() {
  return setresuid(kNobody, kNobody, 0) == 0 ? Status{} : failed("cannot become nobody");
}

}  // namespace saker::demo
