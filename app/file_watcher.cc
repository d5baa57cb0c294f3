// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/file_watcher.h"

#include <errno.h>
#include <sys/inotify.h>

#include <array>
#include <filesystem>

namespace saker::app {

namespace {

constexpr std::uint32_t kFileEvents = IN_CLOSE_WRITE | IN_MOVE_SELF | IN_DELETE_SELF;
constexpr std::uint32_t kFolderEvents = IN_CREATE | IN_DELETE | IN_MOVE;

}  // namespace

Result<FileWatcher> FileWatcher::open(const std::vector<std::string>& paths) {
  UniqueFd inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!inotify.is_open()) {
    return fail_errno("cannot watch files", errno);
  }
  std::vector<std::string> missing;
  for (const std::string& path : paths) {
    std::error_code error;
    const bool is_folder = std::filesystem::is_directory(path, error);
    const int watch =
        ::inotify_add_watch(inotify.get(), path.c_str(), is_folder ? kFolderEvents : kFileEvents);
    if (watch >= 0) {
      continue;
    }
    if (errno != ENOENT) {
      return fail_errno("cannot watch " + path, errno);
    }
    missing.push_back(path);
  }
  return FileWatcher(std::move(inotify), std::move(missing));
}

bool FileWatcher::has_changed() {
  std::array<char, 4096> buffer;
  bool has_events = false;
  while (::read(inotify_.get(), buffer.data(), buffer.size()) > 0) {
    has_events = true;
  }
  const auto appeared = std::erase_if(missing_, [](const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
  });
  return has_events || appeared > 0;
}

}  // namespace saker::app
