// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Requests of any bytes to the web server, over loopback, cut at "#PART\n" into what is sent at
// once. Whatever was asked, the answer is nothing or one of the few that the server has, and holds
// no byte of the request. The library that parses requests is Debian's and not instrumented: what
// the fuzzer sees of it is the kind of the answer.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "compat/metrics/web_server.h"
#include "engine/base/check.h"

namespace {

using namespace saker::metrics;

constexpr std::size_t kKinds = 1024;

}  // namespace

#ifdef __clang__
// libFuzzer counts what changes here as coverage.
__attribute__((section("__libfuzzer_extra_counters")))
#endif
std::uint8_t g_answer_kinds[kKinds];  // NOLINT: libFuzzer wants a global

namespace {

std::unique_ptr<WebServer> start() {
  WebServerOptions options;
  options.listen_address = "127.0.0.1";
  options.port = 0;
  options.connection_time = std::chrono::seconds(5);
  auto server = WebServer::start(
      options, {{"/healthz",
                 [] {
                   return WebAnswer{200, "application/json", "{\"status\": \"ok\"}"};
                 }},
                {"/metrics",
                 [] {
                   return WebAnswer{200, "text/plain", "a_metric 1\n"};
                 }},
                {"/versions", [] {
                   return WebAnswer{200, "application/json", "{}"};
                 }}});
  SAKER_CHECK(server.has_value());
  return *std::move(server);
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  SAKER_CHECK(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  // Leaves no port waiting behind.
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  return fd;
}

std::string ask(std::uint16_t port, std::string_view request) {
  constexpr std::string_view kSeparator = "#PART\n";
  const int fd = connect_to(port);
  while (!request.empty()) {
    const std::string_view part = request.substr(0, request.find(kSeparator));
    static_cast<void>(::send(fd, part.data(), part.size(), MSG_NOSIGNAL));
    request.remove_prefix(std::min(request.size(), part.size() + kSeparator.size()));
  }
  ::shutdown(fd, SHUT_WR);
  std::string answer;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::recv(fd, buffer, sizeof(buffer), 0)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(fd);
  return answer;
}

// The headers that an answer may have, in lower case.
constexpr std::array<std::string_view, 7> kHeaders{
    "allow",      "connection",    "content-length",  "content-type",
    "keep-alive", "accept-ranges", "content-encoding"};

void check_head(std::string_view head) {
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    std::string name(line.substr(0, line.find(':')));
    std::ranges::transform(name, name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    SAKER_CHECK(std::ranges::find(kHeaders, name) != kHeaders.end());
  }
}

void check_answer(const std::string& answer) {
  if (answer.empty()) {
    return;
  }
  constexpr std::string_view kBegin = "HTTP/1.1 ";
  SAKER_CHECK(answer.starts_with(kBegin) && answer.size() < 4096);
  const int status = std::atoi(answer.c_str() + kBegin.size());
  constexpr std::array<int, 11> kStatuses{100, 200, 206, 400, 404, 405, 413, 414, 416, 417, 505};
  SAKER_CHECK(std::ranges::find(kStatuses, status) != kStatuses.end());
  const std::size_t line_end = answer.find("\r\n");
  const std::size_t head_end = answer.find("\r\n\r\n");
  SAKER_CHECK(head_end != std::string::npos);
  if (head_end > line_end) {
    check_head(std::string_view(answer).substr(line_end + 2, head_end - line_end - 2));
  }
  const std::size_t kind = static_cast<std::size_t>(status) * 31 + answer.size();
  g_answer_kinds[kind % kKinds] = 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::unique_ptr<WebServer> server = start();
  check_answer(ask(server->port(), {reinterpret_cast<const char*>(data), size}));
  return 0;
}
