// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/web_server.h"

#include <dirent.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "tests/support/certificates.h"
#include "tests/support/http_probe.h"

namespace saker::metrics {
namespace {

using namespace std::chrono_literals;
using testing::http_get;
using testing::HttpProbe;
using Clock = std::chrono::steady_clock;

constexpr int kSlowClients = 200;

WebServerOptions options_with(std::chrono::milliseconds connection_time) {
  return {.listen_address = "127.0.0.1",
          .port = 0,
          .threadiness = 2,
          .connection_time = connection_time};
}

std::unique_ptr<WebServer> start(const WebServerOptions& options) {
  auto server = WebServer::start(
      options,
      {{"/healthz", [] { return WebAnswer{.content_type = "application/json", .body = "{}"}; }},
       {"/red",
        [] {
          return WebAnswer{503, "text/plain", "red"};
        }},
       {"/slow",
        [] {
          std::this_thread::sleep_for(50ms);
          return WebAnswer{200, "text/plain", "done"};
        },
        true}});
  EXPECT_TRUE(server) << (server ? "" : server.error().message);
  return server ? std::move(*server) : nullptr;
}

int open_fd_count() {
  int count = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr) {
    ++count;
  }
  ::closedir(folder);
  return count;
}

struct Request {
  const char* name;
  std::string bytes;
  const char* answer;  // beginning of it; empty: closed without one
};

TEST(WebServer, AnswersTable) {
  const auto server = start(options_with(300ms));
  ASSERT_NE(server, nullptr);
  const std::string long_path(9000, 'a');
  std::string many_headers = "GET /healthz HTTP/1.1\r\n";
  for (int i = 0; i < 2000; ++i) {
    many_headers += "X-" + std::to_string(i) + ": filler filler\r\n";
  }
  for (const Request& request :
       {Request{"get", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 "},
        Request{"status", "GET /red HTTP/1.1\r\n\r\n", "HTTP/1.1 503 "},
        Request{"head", "HEAD /healthz HTTP/1.1\r\n\r\n", "HTTP/1.1 200 "},
        Request{"query", "GET /healthz?x=1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 "},
        Request{"unknown", "GET /etc/passwd HTTP/1.1\r\n\r\n", "HTTP/1.1 404 "},
        Request{"dots", "GET /../../etc/passwd HTTP/1.1\r\n\r\n", "HTTP/1.1 404 "},
        Request{"post", "POST /healthz HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 405 "},
        Request{"delete", "DELETE /healthz HTTP/1.1\r\n\r\n", "HTTP/1.1 405 "},
        Request{"huge_length", "PUT /x HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n",
                "HTTP/1.1 405 "},
        Request{"long_path", "GET /" + long_path + " HTTP/1.1\r\n\r\n", "HTTP/1.1 414 "},
        Request{"no_http", "\x16\x03\x01 hello\r\n\r\n", "HTTP/1.1 400 "},
        Request{"nothing", "", ""}, Request{"half", "GET /healthz HT", ""},
        Request{"too_many_headers", many_headers + "\r\n", "HTTP/1.1 400 "}}) {
    const HttpProbe probe(server->port());
    ASSERT_TRUE(probe.is_connected());
    probe.send(request.bytes);
    const std::string answer = probe.read_all(5s);
    EXPECT_TRUE(answer.starts_with(request.answer)) << request.name << ": " << answer;
    if (*request.answer == '\0') {
      EXPECT_EQ(answer, "") << request.name;
    }
  }
  EXPECT_TRUE(http_get(server->port(), "/healthz").ends_with("\r\n\r\n{}"));
}

TEST(WebServer, APageIsNeverAnsweredInPart) {
  const auto server = start(options_with(3s));
  ASSERT_NE(server, nullptr);
  const HttpProbe probe(server->port());
  probe.send("GET /healthz HTTP/1.1\r\nRange: bytes=0-0\r\n\r\n");
  const std::string answer = probe.read_all(5s);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n{}")) << answer;
  EXPECT_EQ(answer.find("Content-Range"), std::string::npos) << answer;
}

// Clients that send a byte now and then hold their own connection for its time and nobody else.
TEST(WebServer, OutlivesSlowClients) {
  const int fds_before = open_fd_count();
  {
    const auto server = start(options_with(3s));
    ASSERT_NE(server, nullptr);
    std::vector<HttpProbe> slow;
    for (int i = 0; i < kSlowClients; ++i) {
      slow.emplace_back(server->port());
      ASSERT_TRUE(slow.back().is_connected()) << i;
      slow.back().send("GET /hea");
    }
    std::chrono::nanoseconds longest{0};
    for (int i = 0; i < 20; ++i) {
      for (const HttpProbe& probe : slow) {
        probe.send("l");
      }
      const auto begin = Clock::now();
      EXPECT_TRUE(http_get(server->port(), "/healthz").starts_with("HTTP/1.1 200 ")) << i;
      longest = std::max<std::chrono::nanoseconds>(longest, Clock::now() - begin);
    }
    EXPECT_LT(longest, 2s);
    for (const HttpProbe& probe : slow) {
      EXPECT_EQ(probe.read_all(10s), "") << "closed without an answer";
    }
  }
  EXPECT_EQ(open_fd_count(), fds_before);
}

// Readers that never take their answer are cut off too, and stopping waits for none of them.
TEST(WebServer, StopsAtOnce) {
  auto server = start(options_with(60s));
  ASSERT_NE(server, nullptr);
  std::vector<HttpProbe> silent;
  for (int i = 0; i < 50; ++i) {
    silent.emplace_back(server->port());
  }
  const auto begin = Clock::now();
  server.reset();
  EXPECT_LT(Clock::now() - begin, 2s);
}

TEST(WebServer, ClientsThatHoldAllConnectionsKeepNobodyAway) {
  WebServerOptions options = options_with(60s);
  options.max_connections = 10;
  const auto server = start(options);
  ASSERT_NE(server, nullptr);
  std::vector<HttpProbe> silent;
  for (int i = 0; i < 200; ++i) {
    silent.emplace_back(server->port());
    if (i % 10 == 0) {
      EXPECT_TRUE(http_get(server->port(), "/healthz").starts_with("HTTP/1.1 200 ")) << i;
    }
  }
  // The older ones were ended for the newer ones.
  EXPECT_EQ(silent.front().read_all(5s), "");
  silent.back().send("GET /healthz HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(silent.back().read_all(5s).starts_with("HTTP/1.1 200 "));
}

TEST(WebServer, ManyReadersAtOnceGetTheirAnswers) {
  const auto server = start(options_with(10s));
  ASSERT_NE(server, nullptr);
  std::atomic<int> answered{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 40; ++i) {
    readers.emplace_back([&] {
      answered += http_get(server->port(), "/slow").starts_with("HTTP/1.1 200 ") ? 1 : 0;
    });
  }
  // What costs nothing does not wait behind them: they take a second.
  EXPECT_TRUE(http_get(server->port(), "/healthz", 5s).starts_with("HTTP/1.1 200 "));
  EXPECT_LT(answered, 40);
  for (std::thread& reader : readers) {
    reader.join();
  }
  EXPECT_EQ(answered, 40);
}

TEST(WebServer, RefusesWhatItCannotListenOn) {
  WebServerOptions options = options_with(1s);
  options.listen_address = "localhost";
  EXPECT_FALSE(WebServer::start(options, {}));
  const auto server = start(options_with(1s));
  ASSERT_NE(server, nullptr);
  options = options_with(1s);
  options.tls_file = "/no/such.pem";
  const auto no_file = WebServer::start(options, {});
  ASSERT_FALSE(no_file);
  EXPECT_NE(no_file.error().message.find("/no/such.pem"), std::string::npos);
}

// Status line of a request over TLS; empty when there is no connection.
std::string tls_get(std::uint16_t port) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  &SSL_CTX_free);
  const HttpProbe probe(port);
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), &SSL_free);
  SSL_set_fd(ssl.get(), probe.fd());
  constexpr std::string_view kRequest = "GET /healthz HTTP/1.1\r\n\r\n";
  if (SSL_connect(ssl.get()) != 1 ||
      SSL_write(ssl.get(), kRequest.data(), static_cast<int>(kRequest.size())) <= 0) {
    return {};
  }
  char line[12] = "";
  const int got = SSL_read(ssl.get(), line, sizeof line);
  return {line, static_cast<std::size_t>(std::max(got, 0))};
}

TEST(WebServer, SpeaksTls) {
  const testing::Certificates certificates;
  if (!certificates.is_made()) {
    GTEST_SKIP() << "no openssl command";
  }
  const std::string pem = certificates.path("both.pem");
  {
    std::ofstream out(pem, std::ios::binary);
    for (const char* part : {"server.crt", "server.key"}) {
      std::ifstream in(certificates.path(part), std::ios::binary);
      out << in.rdbuf();
    }
  }
  WebServerOptions options = options_with(2s);
  options.tls_file = pem;
  const auto server = start(options);
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(tls_get(server->port()), "HTTP/1.1 200");
  // Clients that never shake hands, or do not speak TLS, are cut off and harm nobody.
  const HttpProbe silent(server->port());
  const HttpProbe plain(server->port());
  plain.send("GET /healthz HTTP/1.1\r\n\r\n");
  EXPECT_EQ(tls_get(server->port()), "HTTP/1.1 200");
  EXPECT_EQ(silent.read_all(5s), "");
  EXPECT_EQ(plain.read_all(5s).find("200"), std::string::npos);
}

}  // namespace
}  // namespace saker::metrics
