// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "outputs/unique_fd.h"

namespace saker {

namespace {

constexpr std::size_t kMaxFileBytes = 65536;

Result<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) {
    return fail(ErrorCode::kNotFound, "environment variable " + name + " is not set");
  }
  return std::string(value);
}

Result<std::string> from_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return fail_errno("cannot read " + path, errno);
  }
  std::string text(kMaxFileBytes, '\0');
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  if (size < 0) {
    return fail_errno("cannot read " + path, errno);
  }
  text.resize(static_cast<std::size_t>(size));
  text.resize(std::min(text.size(), text.find_first_of("\r\n")));
  return text;
}

}  // namespace

Result<std::string> resolve_secret(std::string_view text) {
  constexpr std::string_view kBracedEnv = "${env:";
  constexpr std::string_view kEnv = "env:";
  constexpr std::string_view kFile = "file:";
  if (text.starts_with(kBracedEnv) && text.ends_with('}')) {
    return from_environment(
        std::string(text.substr(kBracedEnv.size(), text.size() - kBracedEnv.size() - 1)));
  }
  if (text.starts_with(kEnv)) {
    return from_environment(std::string(text.substr(kEnv.size())));
  }
  if (text.starts_with(kFile)) {
    return from_file(std::string(text.substr(kFile.size())));
  }
  return std::string(text);
}

}  // namespace saker
