// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A plain client for 127.0.0.1 that can be as slow or as rude as a test wants.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace saker::testing {

class HttpProbe {
public:
  explicit HttpProbe(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ =
        ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;  // NOLINT
  }
  HttpProbe(HttpProbe&& other) noexcept : fd_(other.fd_), is_connected_(other.is_connected_) {
    other.fd_ = -1;
  }
  HttpProbe(const HttpProbe&) = delete;
  HttpProbe& operator=(const HttpProbe&) = delete;
  ~HttpProbe() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }

  [[nodiscard]] bool is_connected() const { return is_connected_; }
  [[nodiscard]] int fd() const { return fd_; }

  // False: the other side has closed.
  bool send(std::string_view bytes) const {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }

  // Everything until the other side closes, or the patience is over.
  [[nodiscard]] std::string read_all(std::chrono::milliseconds patience) const {
    std::string text;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          deadline - std::chrono::steady_clock::now());
      pollfd entry{.fd = fd_, .events = POLLIN, .revents = 0};
      char buffer[4096];
      if (left.count() <= 0 || ::poll(&entry, 1, static_cast<int>(left.count())) <= 0) {
        return text;
      }
      const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
      if (got <= 0) {
        return text;
      }
      text.append(buffer, static_cast<std::size_t>(got));
    }
  }

private:
  int fd_;
  bool is_connected_ = false;
};

// The whole answer to a request; empty when there is none in time.
[[nodiscard]] inline std::string http_get(
    std::uint16_t port, std::string_view path,
    std::chrono::milliseconds patience = std::chrono::seconds(10)) {
  const HttpProbe probe(port);
  probe.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  return probe.read_all(patience);
}

}  // namespace saker::testing
