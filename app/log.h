// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Log lines of the process, on standard error and syslog: "Sat Nov 21 11:48:34 2026: text".
// Source: falco-compat.md 4.1. Safe from any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/ruleset/rule.h"
#include "outputs/syslog_socket.h"

namespace saker::app {

struct LogOptions {
  bool to_stderr = true;
  bool to_syslog = false;
  bool iso_time = false;
  Priority level = Priority::kInformational;  // less important lines are left out
};

class Log {
public:
  explicit Log(const LogOptions& options, SyslogSocket syslog = SyslogSocket())
      : options_(options), syslog_(std::move(syslog)) {}

  void configure(const LogOptions& options);
  // Texts that are replaced in every line from now on, instead of those before.
  void hide(std::vector<std::string> secrets);
  // `text` as a line would show it.
  [[nodiscard]] std::string shown(std::string_view text);
  void write(Priority priority, std::string_view text);

  void info(std::string_view text) { write(Priority::kInformational, text); }
  void warning(std::string_view text) { write(Priority::kWarning, text); }
  void error(std::string_view text) { write(Priority::kError, text); }
  void debug(std::string_view text) { write(Priority::kDebug, text); }

private:
  void write_to_syslog(Priority priority, std::string_view text);

  std::mutex mutex_;
  LogOptions options_;
  std::vector<std::string> secrets_;
  SyslogSocket syslog_;
  std::uint64_t dropped_count_ = 0;  // lines that the syslog daemon did not take
};

}  // namespace saker::app
