// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Tells when files or folders change. Source: falco-compat.md 4.1 (watch_config_files).
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "outputs/unique_fd.h"

namespace saker::app {

class FileWatcher {
public:
  // Watches files for being written, moved and deleted, and folders for entries that come and go.
  // Paths that do not exist are left out.
  [[nodiscard]] static Result<FileWatcher> open(const std::vector<std::string>& paths);

  // Whether something has changed since the last call. Does not wait.
  [[nodiscard]] bool has_changed();

private:
  explicit FileWatcher(UniqueFd inotify) : inotify_(std::move(inotify)) {}

  UniqueFd inotify_;
};

}  // namespace saker::app
