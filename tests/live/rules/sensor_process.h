// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The built saker as a child process that watches this machine, for tests that do something and
// look for its alerts.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace saker::test {

// Why a live sensor cannot run here ("needs root", "no /sys/kernel/btf/vmlinux", ...), or an empty
// text.
[[nodiscard]] std::string why_no_sensor();

class SensorProcess {
public:
  // Starts `program` live with these rule files and further `-o` options. Files that it needs are
  // written to `folder`. `first_words`: a subcommand with its options.
  [[nodiscard]] static Result<SensorProcess> start(
      const std::string& program, const std::vector<std::string>& rule_files,
      const std::vector<std::string>& options, const std::filesystem::path& folder,
      const std::vector<std::string>& first_words = {});

  [[nodiscard]] pid_t pid() const { return pid_; }

  SensorProcess(SensorProcess&& other) noexcept;
  SensorProcess(const SensorProcess&) = delete;
  SensorProcess& operator=(const SensorProcess&) = delete;
  SensorProcess& operator=(SensorProcess&&) = delete;
  // Ends the process if it still runs.
  ~SensorProcess();

  // Returns the complete lines of standard output that arrive within `wait`, possibly none. Fails
  // when the process has closed its output.
  [[nodiscard]] Result<std::vector<std::string>> read_lines(std::chrono::milliseconds wait);

  // Asks it to end (SIGINT), waits at most ten seconds, and returns its exit status; 128 + signal
  // when a signal ended it. `note` gets the lines that still come, among them the alerts that
  // waited for something.
  using Note = std::function<void(const std::string& line)>;
  [[nodiscard]] Result<int> stop(const Note& note = [](const std::string&) {});

  // What it wrote to standard error until now.
  [[nodiscard]] std::string errors() const;

private:
  SensorProcess(pid_t pid, int output, std::filesystem::path error_file);
  // False: none came.
  bool note_lines(std::chrono::milliseconds wait, const Note& note);

  pid_t pid_ = -1;
  int output_ = -1;
  std::filesystem::path error_file_;
  std::string partial_line_;
};

}  // namespace saker::test
