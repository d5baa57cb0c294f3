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
  // Watches files for being written, moved and deleted, folders for entries that come and go, and
  // paths that do not exist for their appearance.
  [[nodiscard]] static Result<FileWatcher> open(const std::vector<std::string>& paths);

  // Whether something has changed since the last call. Does not wait.
  [[nodiscard]] bool has_changed();

private:
  FileWatcher(UniqueFd inotify, std::vector<std::string> missing)
      : inotify_(std::move(inotify)), missing_(std::move(missing)) {}

  UniqueFd inotify_;
  std::vector<std::string> missing_;
};

}  // namespace saker::app
