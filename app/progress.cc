// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "outputs/clocks.h"

namespace saker::app {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kStepNs = 500'000'000;

}  // namespace

Progress::Progress(std::string path, bool is_wanted)
    : path_(std::move(path)),
      is_wanted_(is_wanted && is_visible()),
      next_ns_(steady_clock_ns() + kStepNs) {}

Progress::~Progress() {
  if (is_shown_) {
    std::fputs("\r\033[K", stderr);
  }
}

bool Progress::is_visible() {
  return ::isatty(STDERR_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 0;
}

// The kernel knows where the descriptor stands; so no reader has to tell.
Progress::Position Progress::position_of(const std::string& path) {
  std::error_code error;
  Position position{.size = fs::file_size(path, error)};
  if (error) {
    return {};
  }
  for (const auto& entry : fs::directory_iterator("/proc/self/fd", error)) {
    std::error_code ignored;
    if (!fs::equivalent(entry.path(), path, ignored)) {
      continue;
    }
    std::ifstream info("/proc/self/fdinfo/" + entry.path().filename().string());
    std::string key;
    info >> key >> position.read;
    return position;
  }
  return {};
}

void Progress::tick() {
  if (!is_wanted_ || steady_clock_ns() < next_ns_) {
    return;
  }
  next_ns_ = steady_clock_ns() + kStepNs;
  const Position position = position_of(path_);
  if (position.size == 0) {
    return;
  }
  constexpr std::uint64_t kAll = 100;
  const std::uint64_t percent = std::min(kAll, kAll * position.read / position.size);
  std::fprintf(stderr, "\r\033[K%3llu %% of %s", static_cast<unsigned long long>(percent),
               path_.c_str());
  std::fflush(stderr);
  is_shown_ = true;
}

}  // namespace saker::app
