// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/file_watcher.h"

#include <errno.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <utility>

namespace saker::app {

namespace {

constexpr std::uint32_t kFileEvents = IN_CLOSE_WRITE | IN_MOVE_SELF | IN_DELETE_SELF;
constexpr std::uint32_t kFolderEvents =
    IN_CREATE | IN_DELETE | IN_MOVE | IN_MOVE_SELF | IN_DELETE_SELF;

}  // namespace

FileWatcher::Identity FileWatcher::identity_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? Identity{status.st_dev, status.st_ino} : Identity{};
}

Result<FileWatcher> FileWatcher::open(const std::vector<std::string>& paths) {
  UniqueFd inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!inotify.is_open()) {
    return fail_errno("cannot watch files", errno);
  }
  std::vector<Watched> watched;
  for (const std::string& path : paths) {
    // Before it is watched: what takes its place in between shows as a change.
    watched.push_back({path, identity_of(path)});
    std::error_code error;
    const bool is_folder = std::filesystem::is_directory(path, error);
    const int watch =
        ::inotify_add_watch(inotify.get(), path.c_str(), is_folder ? kFolderEvents : kFileEvents);
    if (watch < 0 && errno != ENOENT) {
      return fail_errno("cannot watch " + path, errno);
    }
  }
  return FileWatcher(std::move(inotify), std::move(watched));
}

bool FileWatcher::has_changed() {
  std::array<char, 4096> buffer;
  bool has_changed = false;
  while (::read(inotify_.get(), buffer.data(), buffer.size()) > 0) {
    has_changed = true;
  }
  // A symbolic link on the way that leads elsewhere now, or a folder above that was renamed, is no
  // event of what is watched.
  for (Watched& watched : watched_) {
    const Identity now = identity_of(watched.path);
    has_changed = now != std::exchange(watched.identity, now) || has_changed;
  }
  return has_changed;
}

}  // namespace saker::app
