// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/web_listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace saker::metrics {

namespace {

constexpr int kBacklog = 256;
// How many connections may still be ending beyond the limit; more are closed unserved.
constexpr std::size_t kEnding = 64;
// Between tries while there are no descriptors or no memory for another connection.
constexpr std::chrono::milliseconds kPause{10};

// An open socket that listens, or -1 with errno.
int listen_on(const addrinfo& place) {
  const int fd = ::socket(place.ai_family, place.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                          place.ai_protocol);
  if (fd < 0) {
    return -1;
  }
  const int yes = 1;
  const int no = 0;
  // Like Falco's: a sensor that starts before the last one has ended gets the port.
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
  if (place.ai_family == AF_INET6) {
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  }
  if (::bind(fd, place.ai_addr, place.ai_addrlen) != 0 || ::listen(fd, kBacklog) != 0) {
    const int reason = errno;
    ::close(fd);
    errno = reason;
    return -1;
  }
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_storage place{};
  socklen_t size = sizeof place;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&place), &size);  // NOLINT: the call's interface
  return place.ss_family == AF_INET6
             ? ntohs(reinterpret_cast<const sockaddr_in6&>(place).sin6_port)  // NOLINT
             : ntohs(reinterpret_cast<const sockaddr_in&>(place).sin_port);   // NOLINT
}

bool is_about_one_connection(int error_number) {
  return error_number == EAGAIN || error_number == EINTR || error_number == ECONNABORTED;
}

}  // namespace

Result<std::unique_ptr<WebListener>> WebListener::open(const std::string& address,
                                                       std::uint16_t port,
                                                       std::size_t max_connections, Serve serve) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* place = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &wanted, &place) != 0) {
    return fail(ErrorCode::kInvalidArgument, "\"" + address + "\" is not a valid IP address");
  }
  const int fd = listen_on(*place);
  const int reason = errno;
  ::freeaddrinfo(place);
  if (fd < 0) {
    return fail_errno("cannot listen on " + address + ":" + std::to_string(port), reason);
  }
  return std::unique_ptr<WebListener>(
      new WebListener(fd, port_of(fd), max_connections, std::move(serve)));
}

WebListener::WebListener(int fd, std::uint16_t port, std::size_t max_connections, Serve serve)
    : fd_(fd),
      port_(port),
      max_connections_(max_connections),
      serve_(std::move(serve)),
      thread_([this] { accept_until_stopped(); }) {}

WebListener::~WebListener() {
  is_stopping_ = true;
  ::shutdown(fd_, SHUT_RDWR);  // wakes the thread
  thread_.join();
  ::close(fd_);
  std::unique_lock lock(mutex_);
  for (const auto& [number, fd] : open_) {
    ::shutdown(fd, SHUT_RDWR);
  }
  has_ended_.wait(lock, [this] { return thread_count_ == 0; });
}

void WebListener::accept_until_stopped() {
  while (!is_stopping_) {
    pollfd entry{.fd = fd_, .events = POLLIN, .revents = 0};
    if (::poll(&entry, 1, -1) < 0) {
      std::this_thread::sleep_for(kPause);
    }
    const int connection = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection >= 0) {
      take(connection);
    } else if (!is_about_one_connection(errno)) {
      std::this_thread::sleep_for(kPause);
    }
  }
}

void WebListener::take(int fd) {
  const std::lock_guard lock(mutex_);
  if (open_.size() >= max_connections_ && !open_.empty()) {
    ::shutdown(open_.begin()->second, SHUT_RDWR);  // its thread closes it
    open_.erase(open_.begin());
  }
  if (thread_count_ >= max_connections_ + kEnding) {
    ::close(fd);
    return;
  }
  const std::uint64_t number = next_number_++;
  try {
    std::thread([this, number, fd] {
      serve_(fd);
      end(number, fd);
    }).detach();
    open_.emplace(number, fd);
    ++thread_count_;
  } catch (const std::system_error&) {  // no more threads to be had
    ::close(fd);
  }
}

void WebListener::end(std::uint64_t number, int fd) {
  const std::lock_guard lock(mutex_);
  open_.erase(number);
  ::shutdown(fd, SHUT_RDWR);
  ::close(fd);
  --thread_count_;
  has_ended_.notify_all();
}

}  // namespace saker::metrics
