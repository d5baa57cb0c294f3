// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The webserver against clients that mean no good: they get no more memory, time and answers than
// their share, and /healthz answers all the while.
#include <fstream>
#include <random>

#include "tests/integration/cli/operation_fixture.h"
#include "tests/support/http_probe.h"

namespace saker::testing {
namespace {

using namespace std::chrono_literals;

class HostileWeb : public Operation {
protected:
  void SetUp() override { start("metrics: {enabled: true, interval: 1h}\n"); }

  [[nodiscard]] std::uint64_t resident_kib() const {
    std::ifstream status("/proc/" + std::to_string(binary_.pid()) + "/status");
    for (std::string word; status >> word;) {
      if (word == "VmRSS:") {
        std::uint64_t kib = 0;
        status >> kib;
        return kib;
      }
    }
    return 0;
  }

  void expect_health() {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(http_get(port_, "/healthz").starts_with("HTTP/1.1 200 "));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  }
};

struct Request {
  const char* name;
  std::string bytes;
  const char* answer;  // its beginning; empty: none, the connection is closed
};

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

TEST_F(HostileWeb, RequestsTable) {
  const std::string end = "\r\n\r\n";
  const Request kTable[] = {
      {"nothing", end, ""},
      {"no_http", "hello" + end, "HTTP/1.1 400 "},
      {"other_version", "GET /healthz HTTP/9.9" + end, ""},
      {"binary", std::string("\0\xff\xfe\x01\x00", 5) + end, ""},
      {"tls_to_plain", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + end, ""},
      {"long_path", "GET /" + std::string(60'000, 'a') + " HTTP/1.1" + end, ""},
      {"long_header", "GET /healthz HTTP/1.1\r\nX: " + std::string(60'000, 'a') + end, ""},
      {"many_headers", "GET /healthz HTTP/1.1\r\n" + repeated("A: b\r\n", 20'000) + "\r\n", ""},
      {"huge_body", "POST /healthz HTTP/1.1\r\nContent-Length: 99999999999" + end, ""},
      {"chunked_body",
       "POST /healthz HTTP/1.1\r\nTransfer-Encoding: chunked" + end + "ffffffff\r\n", ""},
      {"traversal", "GET /../../etc/passwd HTTP/1.1" + end, "HTTP/1.1 404 "},
      {"encoded_traversal", "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1" + end, "HTTP/1.1 404 "},
      {"nul_in_path", std::string("GET /healthz\0/x HTTP/1.1", 24) + end, "HTTP/1.1 40"},
      {"absolute_address", "GET http://elsewhere/healthz HTTP/1.1" + end, "HTTP/1.1 404 "},
      {"put", "PUT /healthz HTTP/1.1\r\nContent-Length: 0" + end, "HTTP/1.1 405 "},
      {"delete", "DELETE /metrics HTTP/1.1" + end, "HTTP/1.1 405 "},
      {"post", "POST /versions HTTP/1.1\r\nContent-Length: 0" + end, "HTTP/1.1 405 "},
      {"options", "OPTIONS * HTTP/1.1" + end, "HTTP/1.1 40"},
      {"connect", "CONNECT a:1 HTTP/1.1" + end, "HTTP/1.1 40"},
      {"range", "GET /healthz HTTP/1.1\r\nRange: bytes=0-0,1-1,2-2" + end, "HTTP/1.1 200 "},
      {"bad_range", "GET /healthz HTTP/1.1\r\nRange: bytes=99999999999999999999-" + end,
       "HTTP/1.1 "},
      {"line_feeds_only", "GET /healthz HTTP/1.1\nHost: x\n\n", ""},
      {"second_request", "GET /versions HTTP/1.1" + end + "GET /healthz HTTP/1.1" + end,
       "HTTP/1.1 200 "},
  };
  for (const Request& request : kTable) {
    const HttpProbe probe(port_);
    ASSERT_TRUE(probe.is_connected()) << request.name;
    probe.send(request.bytes);
    const std::string answer = probe.read_all(8s);
    EXPECT_TRUE(answer.starts_with(request.answer)) << request.name << "\n" << answer.substr(0, 80);
    EXPECT_EQ(answer.find("root:"), std::string::npos) << request.name;
    EXPECT_LT(answer.size(), 1'000'000U) << request.name;
  }
  expect_health();
  EXPECT_EQ(stop().exit_code, 0);
}

TEST_F(HostileWeb, MemoryIsBoundedWhateverTheySend) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer keeps memory that was given back";
#endif
  expect_health();
  const std::uint64_t before = resident_kib();
  ASSERT_GT(before, 0U);
  // Two hundred clients that hold their connections, each with as much header as it can send, and
  // more that come in between. Three rounds: what grows with each is a leak.
  std::uint64_t after_first = 0;
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<HttpProbe> held;
    for (int i = 0; i < 200; ++i) {
      held.emplace_back(port_);
      ASSERT_TRUE(held.back().is_connected());
      held.back().send("GET /healthz HTTP/1.1\r\nX: ");
    }
    for (int i = 0; i < 10; ++i) {
      for (const HttpProbe& probe : held) {
        probe.send(std::string(1500, 'a'));
      }
      expect_health();
    }
    for (int i = 0; i < 300; ++i) {
      HttpProbe(port_).send("GET /metrics HTTP/1.1\r\n\r\n");  // and does not read
    }
    expect_health();
    EXPECT_LT(resident_kib(), before + 48 * 1024) << round;
    after_first = round == 0 ? resident_kib() : after_first;
  }
  EXPECT_LT(resident_kib(), after_first + 8 * 1024) << "grows with every round";
  EXPECT_EQ(stop().exit_code, 0);
}

TEST_F(HostileWeb, RandomBytesDoNoHarm) {
  std::mt19937 random(7);  // NOLINT: the same bytes every time
  const std::string kSeeds[] = {"GET /healthz HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
                                "GET /metrics?a=b&c=%41 HTTP/1.0\r\nRange: bytes=0-1\r\n\r\n",
                                "POST /versions HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"};
  for (int i = 0; i < 600; ++i) {
    std::string bytes = kSeeds[random() % 3];
    for (int change = 0; change < 4; ++change) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, random() % 4);
          break;
        default:
          bytes.insert(at, std::string(random() % 64, static_cast<char>(random())));
      }
      bytes += bytes.empty() ? "G" : "";
    }
    const HttpProbe probe(port_);
    ASSERT_TRUE(probe.is_connected()) << i;
    probe.send(bytes);
    static_cast<void>(probe.read_all(5ms));
  }
  expect_health();
  EXPECT_EQ(stop().exit_code, 0);
}

}  // namespace
}  // namespace saker::testing
