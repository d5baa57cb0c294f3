// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The socket of the syslog daemon. Unlike syslog(), which waits for a daemon that hangs, send()
// never does.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "outputs/unique_fd.h"

namespace saker {

class SyslogSocket {
public:
  enum class Sent {
    kYes,
    kNobody,   // nobody listens
    kFull,     // the daemon is there and takes nothing just now
    kTooLong,  // for one message
  };

  explicit SyslogSocket(std::string path = "/dev/log") : path_(std::move(path)) {}

  // `priority`: 0 to 7. The daemon sees what syslog() would send: facility "user", the local time
  // and this program's name.
  [[nodiscard]] Sent send(int priority, std::string_view text);
  // Waits until the daemon takes something, at most so long.
  void wait(int milliseconds) const;

private:
  [[nodiscard]] bool connect_as(int type);
  [[nodiscard]] Sent send_once(const std::string& message);

  std::string path_;
  UniqueFd socket_;
  bool is_stream_ = false;  // messages end with a NUL then
  std::string unsent_;      // rest of a message that a stream took in part
};

}  // namespace saker
