// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The steps that scenarios are made of. All work on the calling process or on its own children.
#pragma once

#include <sys/types.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace saker::demo {

// An open descriptor, closed at the end of the scope.
class OwnedFd {
public:
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  OwnedFd& operator=(OwnedFd&&) = delete;
  ~OwnedFd();

  [[nodiscard]] int get() const { return fd_; }

private:
  int fd_;
};

// Opens for reading and closes again.
[[nodiscard]] Status read_file(const std::string& path);
// Same, but the open must be refused (by permissions).
[[nodiscard]] Status fail_to_read_file(const std::string& path);
// Creates the folders of `path` and the file with some text. Both calls open for writing.
[[nodiscard]] Status write_file(const std::string& path);
[[nodiscard]] Status write_file(const std::string& path, mode_t mode);
[[nodiscard]] Status make_folders(const std::string& path);
[[nodiscard]] Status copy_program(const std::string& from, const std::string& to);

// Runs a program to its end in a child process with our environment and `extra_env` ("NAME=value");
// its output goes to /dev/null where that exists. `path` is the file, `args` the whole argv. Only a
// failed start is an error.
[[nodiscard]] Status run_program(const std::string& path, const std::vector<std::string>& args,
                                 const std::vector<std::string>& extra_env = {});

// Runs /bin/true under another name, through a symbolic link in the work folder.
[[nodiscard]] Status run_true_as(const std::string& name, std::initializer_list<std::string> args);

// Gives up root for good, or keeps it as the saved user id.
inline constexpr uid_t kNobody = 65534;
[[nodiscard]] Status become_nobody();
[[nodiscard]] Status become_nobody_keeping_a_way_back();

// "what: errno text" as an error.
[[nodiscard]] Status failed(std::string_view what);

}  // namespace saker::demo
