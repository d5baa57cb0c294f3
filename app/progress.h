// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A line on the terminal that tells how far a replay is: "  42 %  ". Only where a person sees it
// and it disturbs nothing: standard error is a terminal and alerts are not printed to one.
#pragma once

#include <cstdint>
#include <string>

namespace saker::app {

class Progress {
public:
  // `path`: the capture that is read. Nothing is shown unless `is_wanted`.
  Progress(std::string path, bool is_wanted);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Called now and then; shows at most one new line per half second, none in the first.
  void tick();

  // Whether standard error is a terminal and standard output is none.
  [[nodiscard]] static bool is_visible();
  // Bytes of `path` that this process has read, and its size; 0 and 0 if that cannot be told.
  struct Position {
    std::uint64_t read = 0;
    std::uint64_t size = 0;
  };
  [[nodiscard]] static Position position_of(const std::string& path);

private:
  std::string path_;
  bool is_wanted_;
  bool is_shown_ = false;
  std::uint64_t next_ns_ = 0;
};

}  // namespace saker::app
