// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/log.h"

#include <stdio.h>
#include <time.h>

#include <utility>

#include "app/secrets.h"

namespace saker::app {

namespace {

std::string time_text(bool is_iso) {
  const time_t now = ::time(nullptr);
  tm parts{};
  char text[64] = "";
  if (is_iso) {
    gmtime_r(&now, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+0000", &parts);
  } else {
    localtime_r(&now, &parts);
    strftime(text, sizeof text, "%a %b %d %H:%M:%S %Y", &parts);
  }
  return text;
}

}  // namespace

void Log::configure(const LogOptions& options) {
  const std::lock_guard lock(mutex_);
  options_ = options;
}

void Log::hide(std::vector<std::string> secrets) {
  const std::lock_guard lock(mutex_);
  secrets_ = std::move(secrets);
}

std::string Log::shown(std::string_view text) {
  const std::lock_guard lock(mutex_);
  return without(text, secrets_);
}

void Log::write(Priority priority, std::string_view said) {
  const std::lock_guard lock(mutex_);
  if (priority > options_.level) {
    return;
  }
  const std::string text = without(said, secrets_);
  if (options_.to_syslog) {
    write_to_syslog(priority, text);
  }
  if (options_.to_stderr) {
    const std::string line =
        time_text(options_.iso_time) + ": " + text + (text.ends_with('\n') ? "" : "\n");
    std::fwrite(line.data(), 1, line.size(), stderr);
  }
}

// A daemon that hangs must not hold up whoever has something to say.
void Log::write_to_syslog(Priority priority, std::string_view text) {
  using enum SyslogSocket::Sent;
  if (dropped_count_ > 0) {
    const std::string told = std::to_string(dropped_count_) +
                             " log lines are missing here: the syslog daemon took nothing";
    if (syslog_.send(static_cast<int>(Priority::kWarning), told) == kFull) {
      ++dropped_count_;
      return;
    }
    dropped_count_ = 0;
  }
  if (syslog_.send(static_cast<int>(priority), text) == kFull) {
    ++dropped_count_;
  }
}

}  // namespace saker::app
