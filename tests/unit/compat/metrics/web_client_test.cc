// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/web_client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "engine/base/check.h"

namespace saker::metrics {
namespace {

using namespace std::chrono_literals;

// Takes one connection; sends `begin`, then `drop` again and again with a pause in between.
class DrippingServer {
public:
  DrippingServer(std::string begin, std::string drop, std::chrono::milliseconds pause)
      : begin_(std::move(begin)), drop_(std::move(drop)), pause_(pause) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    SAKER_CHECK(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                ::listen(listener_, 1) == 0 &&
                ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  DrippingServer(const DrippingServer&) = delete;
  DrippingServer& operator=(const DrippingServer&) = delete;
  ~DrippingServer() {
    is_ending_ = true;
    thread_.join();
    ::close(listener_);
  }

  [[nodiscard]] std::string url(const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + "/metrics";
  }

private:
  void run() {
    pollfd entry{.fd = listener_, .events = POLLIN, .revents = 0};
    while (!is_ending_ && ::poll(&entry, 1, 10) <= 0) {
    }
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    char request[4096];
    static_cast<void>(::recv(connection, request, sizeof(request), 0));
    bool goes_on = send(connection, begin_);
    while (goes_on && !is_ending_ && !drop_.empty()) {
      goes_on = send(connection, drop_);
      std::this_thread::sleep_for(pause_);
    }
    ::close(connection);
  }
  static bool send(int connection, const std::string& text) {
    return ::send(connection, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }

  std::string begin_;
  std::string drop_;
  std::chrono::milliseconds pause_;
  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port_ = 0;
  std::atomic<bool> is_ending_{false};
  std::thread thread_;
};

TEST(WebClient, ReadsAPage) {
  const DrippingServer server("HTTP/1.1 503 X\r\nContent-Length: 4\r\n\r\npage", "", 0ms);
  const auto reply = fetch(server.url(), 10s);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 503);
  EXPECT_EQ(reply->body, "page");
}

TEST(WebClient, EndsWhateverTheServerDoes) {
  struct Case {
    const char* what;
    std::string begin;
    std::string drop;
    std::chrono::milliseconds pause;
    const char* scheme;
  };
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const Case cases[] = {
      {"bytes of the body", head + "Content-Length: 1000000\r\n\r\n", "x", 50ms, "http"},
      {"bytes of the head", head, "X", 50ms, "http"},
      {"lines of the head", head, "X: y\r\n", 50ms, "http"},
      {"chunks", head + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 50ms, "http"},
      {"bytes of the handshake", "\x16\x03\x03\x3f\xff\x02", "\x01", 50ms, "https"},
  };
  for (const Case& one : cases) {
    const DrippingServer server(one.begin, one.drop, one.pause);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(fetch(server.url(one.scheme), 400ms)) << one.what;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s) << one.what;
  }
}

TEST(WebClient, TakesNoEndlessPage) {
  const DrippingServer server("HTTP/1.1 200 OK\r\n\r\n", std::string(1 << 20, 'x'), 0ms);
  const auto reply = fetch(server.url(), 300s);
  ASSERT_FALSE(reply);
  EXPECT_NE(reply.error().message.find("too large"), std::string::npos) << reply.error().message;
}

TEST(WebClient, WantsAnAddress) {
  for (const char* url : {"", "localhost", "file:///etc/passwd", "ftp://localhost/", "http://"}) {
    const auto reply = fetch(url, 1s);
    ASSERT_FALSE(reply) << url;
    EXPECT_EQ(reply.error().code, ErrorCode::kInvalidArgument) << url;
  }
}

}  // namespace
}  // namespace saker::metrics
