// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs the product ($SAKER_BIN) as a user would, and shows what came out.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"

namespace saker::testing {

struct RunResult {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

class Binary {
public:
  // Environment of every run, beside TZ=UTC, LC_ALL=C and FALCO_HOSTNAME=vm.
  std::map<std::string, std::string> env;
  std::string program_name = "saker";  // argv[0]
  std::string program_file;            // what is executed; empty: $SAKER_BIN

  // Runs to the end. Standard input is empty.
  [[nodiscard]] RunResult run(const std::vector<std::string>& arguments);

  // Starts without waiting; at most one at a time. `out`: what standard output is; -1: a file.
  void start(const std::vector<std::string>& arguments, int out = -1);
  void send_signal(int signal) const;
  [[nodiscard]] pid_t pid() const { return pid_; }  // of the started run
  // Whether the started run has not ended yet.
  [[nodiscard]] bool is_running() const;
  // Waits until standard error (or standard output) of the started run holds `text`; false after
  // ten seconds.
  [[nodiscard]] bool wait_for(const std::string& text) const;
  [[nodiscard]] RunResult wait();

  // A file for the run; removed with the Binary.
  std::string write(const std::string& name, const std::string& text);
  [[nodiscard]] std::string path(const std::string& name) const { return dir_.file(name); }
  [[nodiscard]] std::string read(const std::string& name) const;

private:
  TempDir dir_;
  pid_t pid_ = -1;
};

// A configuration that prints alerts to standard output and log lines to standard error.
[[nodiscard]] std::string quiet_config(const std::string& more = "");

}  // namespace saker::testing
