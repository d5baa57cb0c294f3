// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/support/http_test_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>

#include "engine/base/check.h"

namespace saker::testing {

namespace {

constexpr int kPollMs = 20;

// True once bytes can be read.
bool wait_readable(int fd, const std::atomic<bool>& is_ending) {
  while (!is_ending) {
    pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&entry, 1, kPollMs) > 0) {
      return true;
    }
  }
  return false;
}

void reset_connection(int fd) {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(fd);
}

HttpRequest parse_head(const std::string& head) {
  HttpRequest request;
  std::size_t begin = 0;
  for (std::size_t end = head.find("\r\n"); end != std::string::npos;
       begin = end + 2, end = head.find("\r\n", begin)) {
    const std::string line = head.substr(begin, end - begin);
    const std::size_t colon = line.find(": ");
    if (request.line.empty()) {
      request.line = line;
    } else if (colon != std::string::npos) {
      std::string name = line.substr(0, colon);
      for (char& letter : name) {
        letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
      }
      request.headers[name] = line.substr(colon + 2);
    }
  }
  return request;
}

}  // namespace

HttpTestServer::HttpTestServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket interface
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  SAKER_CHECK(::bind(listener_, generic, size) == 0);
  SAKER_CHECK(::listen(listener_, 64) == 0);
  SAKER_CHECK(::getsockname(listener_, generic, &size) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

HttpTestServer::~HttpTestServer() {
  is_ending_ = true;
  acceptor_.join();
  for (std::thread& connection : connections_) {
    connection.join();
  }
  ::close(listener_);
}

std::string HttpTestServer::url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/alerts";
}

std::vector<HttpRequest> HttpTestServer::requests() {
  const std::lock_guard guard(mutex_);
  return requests_;
}

void HttpTestServer::accept_all() {
  while (wait_readable(listener_, is_ending_)) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) {
      connections_.emplace_back([this, connection] { serve(connection); });
    }
  }
}

void HttpTestServer::serve(int connection) {
  std::string bytes;
  while (true) {
    std::size_t head_end = bytes.find("\r\n\r\n");
    std::size_t total = 0;
    HttpRequest request;
    if (head_end != std::string::npos) {
      request = parse_head(bytes.substr(0, head_end + 2));
      const auto length = request.headers.find("content-length");
      total = head_end + 4 + (length == request.headers.end() ? 0 : std::stoul(length->second));
    }
    if (head_end == std::string::npos || bytes.size() < total) {
      char chunk[65536];
      if (!wait_readable(connection, is_ending_)) {
        break;
      }
      const ssize_t count = ::read(connection, chunk, sizeof chunk);
      if (count <= 0) {
        break;
      }
      bytes.append(chunk, static_cast<std::size_t>(count));
      continue;
    }
    request.body = bytes.substr(head_end + 4, total - head_end - 4);
    bytes.erase(0, total);
    const HttpReply answer = handler_(request);
    {
      const std::lock_guard guard(mutex_);
      requests_.push_back(std::move(request));
    }
    if (!reply(connection, answer)) {
      return;
    }
  }
  ::close(connection);
}

// False: the connection is gone.
bool HttpTestServer::reply(int connection, const HttpReply& answer) {
  using enum HttpReply::Manner;
  std::string text =
      "HTTP/1.1 " + std::to_string(answer.status) + " Whatever\r\n" + answer.extra_headers +
      "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
  if (answer.manner == kHang) {
    pollfd entry{.fd = connection, .events = POLLRDHUP, .revents = 0};
    while (!is_ending_ && ::poll(&entry, 1, kPollMs) == 0) {
    }
  }
  if (answer.manner == kReset) {
    reset_connection(connection);
    return false;
  }
  if (answer.manner == kCloseInAnswer) {
    text.resize(text.size() - 1);
  }
  if (answer.manner == kAnswer || answer.manner == kCloseInAnswer) {
    const ssize_t sent = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent == static_cast<ssize_t>(text.size()) && answer.manner == kAnswer) {
      return true;
    }
  }
  ::close(connection);
  return false;
}

}  // namespace saker::testing
