// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/syslog_socket.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>

namespace saker {

namespace {

// What syslog() writes. Source: RFC 3164; glibc, misc/syslog.c.
std::string head(int priority) {
  const time_t now = ::time(nullptr);
  tm parts{};
  localtime_r(&now, &parts);
  char time_text[32] = "";
  strftime(time_text, sizeof time_text, "%b %e %H:%M:%S", &parts);
  return "<" + std::to_string(LOG_USER | priority) + ">" + time_text + " " +
         program_invocation_short_name + ": ";
}

}  // namespace

bool SyslogSocket::connect_as(int type) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return false;
  }
  path_.copy(address.sun_path, sizeof address.sun_path - 1);
  socket_.reset(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  is_stream_ = type == SOCK_STREAM;
  unsent_.clear();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket interface
  if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    return true;
  }
  const int error = errno;
  socket_.reset();
  errno = error;
  return false;
}

SyslogSocket::Sent SyslogSocket::send_once(const std::string& message) {
  if (!socket_.is_open() && !connect_as(SOCK_DGRAM) &&
      (errno != EPROTOTYPE || !connect_as(SOCK_STREAM))) {
    return errno == EAGAIN ? Sent::kFull : Sent::kNobody;
  }
  while (true) {
    const bool is_rest = !unsent_.empty();
    const std::string& bytes = is_rest ? unsent_ : message;
    const std::size_t size = bytes.size() + (is_stream_ && !is_rest ? 1 : 0);
    const ssize_t sent = ::send(socket_.get(), bytes.c_str(), size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) {
      continue;
    }
    if (sent < 0) {
      const bool is_full = errno == EAGAIN || errno == ENOBUFS;
      return is_full ? Sent::kFull : errno == EMSGSIZE ? Sent::kTooLong : Sent::kNobody;
    }
    const auto count = static_cast<std::size_t>(sent);
    unsent_ = count < size ? std::string(bytes.c_str() + count, size - count) : std::string();
    if (!is_rest) {
      return Sent::kYes;
    }
  }
}

SyslogSocket::Sent SyslogSocket::send(int priority, std::string_view text) {
  std::string message = head(priority);
  message += text;
  const bool was_open = socket_.is_open();
  Sent sent = send_once(message);
  if (sent == Sent::kNobody) {
    socket_.reset();
    // The daemon may have been started again.
    sent = was_open ? send_once(message) : sent;
  }
  return sent;
}

void SyslogSocket::wait(int milliseconds) const {
  pollfd entry{.fd = socket_.get(), .events = POLLOUT, .revents = 0};
  ::poll(&entry, 1, milliseconds);
}

}  // namespace saker
