// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A server on a unix socket that answers every connection with bytes of the test's choice.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/check.h"

namespace saker::testing {

struct RawReply {
  std::string bytes;
  bool hangs = false;       // keeps the connection open and says no more
  bool is_endless = false;  // sends `bytes` again and again
};

class UnixTestServer {
public:
  // `handler` gets the request's head.
  using Handler = std::function<RawReply(const std::string& request)>;

  UnixTestServer(const std::string& path, Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    SAKER_CHECK(path.size() < sizeof(address.sun_path));
    std::memcpy(address.sun_path, path.data(), path.size());
    SAKER_CHECK(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) ==
                0);
    SAKER_CHECK(::listen(listener_, 16) == 0);
    thread_ = std::thread([this] { run(); });
  }
  UnixTestServer(const UnixTestServer&) = delete;
  UnixTestServer& operator=(const UnixTestServer&) = delete;
  ~UnixTestServer() {
    is_ending_ = true;
    thread_.join();
    ::close(listener_);
  }

  // First lines of the requests so far.
  [[nodiscard]] std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

private:
  static constexpr int kTickMs = 10;

  static bool is_readable(int fd) {
    pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&entry, 1, kTickMs) > 0;
  }

  void run() {
    while (!is_ending_) {
      if (is_readable(listener_)) {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        serve(connection);
        ::close(connection);
      }
    }
  }

  void serve(int connection) {
    std::string request;
    while (!is_ending_ && request.find("\r\n\r\n") == std::string::npos) {
      char buffer[4096];
      if (!is_readable(connection)) {
        continue;
      }
      const ssize_t count = ::recv(connection, buffer, sizeof(buffer), 0);
      if (count <= 0) {
        return;
      }
      request.append(buffer, static_cast<std::size_t>(count));
    }
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request.substr(0, request.find("\r\n")));
    }
    const RawReply reply = handler_(request);
    do {
      send_all(connection, reply.bytes);
    } while (reply.is_endless && !is_ending_ && !is_gone_);
    is_gone_ = false;
    while (reply.hangs && !is_ending_) {
      char byte = 0;
      if (is_readable(connection) && ::recv(connection, &byte, 1, 0) <= 0) {
        return;
      }
    }
  }

  void send_all(int connection, std::string_view bytes) {
    while (!bytes.empty() && !is_ending_) {
      const ssize_t count = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) {
        is_gone_ = true;
        return;
      }
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  Handler handler_;
  int listener_ = -1;
  bool is_gone_ = false;  // the client hung up
  std::atomic<bool> is_ending_{false};
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

[[nodiscard]] inline RawReply http_reply(int status, const std::string& body) {
  return {.bytes = "HTTP/1.1 " + std::to_string(status) +
                   " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

}  // namespace saker::testing
