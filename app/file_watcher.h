// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Tells when files or folders change. Source: falco-compat.md 4.1 (watch_config_files).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "outputs/unique_fd.h"

namespace saker::app {

class FileWatcher {
public:
  // Watches files for being written, moved and deleted, folders for entries that come and go, and
  // all of them, also those that do not exist, for another one that takes their place, be it by a
  // symbolic link.
  [[nodiscard]] static Result<FileWatcher> open(const std::vector<std::string>& paths);

  // Whether something has changed since the last call. Does not wait.
  [[nodiscard]] bool has_changed();

private:
  // Device and inode; zeros: there is none.
  using Identity = std::pair<std::uint64_t, std::uint64_t>;
  struct Watched {
    std::string path;
    Identity identity;
  };

  FileWatcher(UniqueFd inotify, std::vector<Watched> watched)
      : inotify_(std::move(inotify)), watched_(std::move(watched)) {}

  static Identity identity_of(const std::string& path);

  UniqueFd inotify_;
  std::vector<Watched> watched_;
};

}  // namespace saker::app
