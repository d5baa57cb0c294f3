// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The HTTP sink and nginx: TLS with client certificates, connections that end after a few requests,
// rate limits, bodies that are too large, a server that is killed. Behind nginx stands a server of
// the test, which tells what arrived.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include <gmock/gmock.h>

#include "outputs/http/http_transport.h"
#include "tests/support/certificates.h"
#include "tests/support/delivery_fixture.h"
#include "tests/support/free_port.h"
#include "tests/support/http_probe.h"
#include "tests/support/http_test_server.h"
#include "tests/support/server_process.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using testing::eventually;

class Nginx : public testing::DeliveryFixture {
protected:
  void SetUp() override {
    program_ = testing::ServerProcess::find("nginx");
    if (program_.empty()) {
      GTEST_SKIP() << "no nginx on this machine (package nginx-light)";
    }
    if (!certificates_.is_made()) {
      GTEST_SKIP() << "no usable openssl command to make certificates";
    }
  }

  // `extra` goes into the server block.
  void serve(const std::string& extra) {
    port_ = testing::free_port();
    std::ofstream(dir_.file("nginx.conf"))
        << "daemon off; master_process off; error_log " << dir_.file("error.log") << "; pid "
        << dir_.file("nginx.pid") << ";\n"
        << "events { worker_connections 64; }\n"
        << "http {\n"
        << "  access_log off;\n"
        << "  client_body_temp_path " << dir_.file("body") << ";\n"
        << "  proxy_temp_path " << dir_.file("proxy") << ";\n"
        << "  fastcgi_temp_path " << dir_.file("fastcgi") << ";\n"
        << "  uwsgi_temp_path " << dir_.file("uwsgi") << ";\n"
        << "  scgi_temp_path " << dir_.file("scgi") << ";\n"
        << "  log_format status '$status';\n"
        << "  limit_req_zone $server_name zone=few:1m rate=50r/s;\n"
        << "  server {\n"
        << "    listen 127.0.0.1:" << port_ << " ssl;\n"
        << "    server_name localhost;\n"
        << "    ssl_certificate " << certificates_.path("server.crt") << ";\n"
        << "    ssl_certificate_key " << certificates_.path("server.key") << ";\n"
        << "    ssl_client_certificate " << certificates_.path("ca.crt") << ";\n"
        << "    ssl_verify_client on;\n"
        << "    access_log " << dir_.file("status.log") << " status;\n"
        << extra << "\n"
        << "    location / { proxy_pass " << receiver_.url() << "; }\n"
        << "  }\n"
        << "}\n";
    start_server();
  }
  void start_server() {
    server_.start({program_, "-p", dir_.path().string(), "-c", dir_.file("nginx.conf"), "-e",
                   dir_.file("error.log")},
                  dir_.file("nginx.out"));
    ASSERT_TRUE(eventually([&] { return answers(); })) << errors();
  }
  bool answers() const {
    return testing::HttpProbe(static_cast<std::uint16_t>(port_)).is_connected();
  }
  std::string errors() const {
    std::ifstream file(dir_.file("error.log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void start_http() {
    start(std::make_unique<HttpTransport>(
        HttpOptions{.url = "https://localhost:" + std::to_string(port_) + "/in",
                    .ca_cert = certificates_.path("ca.crt"),
                    .mtls = true,
                    .client_cert = certificates_.path("client.crt"),
                    .client_key = certificates_.path("client.key"),
                    .timeout = 2000ms}));
  }

  bool has_answered(const std::string& status) const {
    std::ifstream log(dir_.file("status.log"));
    return std::ranges::find(std::istream_iterator<std::string>(log),
                             std::istream_iterator<std::string>(),
                             status) != std::istream_iterator<std::string>();
  }
  // How often each alert came.
  std::map<std::string, int> ids() {
    std::map<std::string, int> found;
    for (const testing::HttpRequest& request : receiver_.requests()) {
      ++found[request.headers.at("x-saker-alert-id")];
    }
    return found;
  }
  void expect_all(std::uint64_t count) {
    const auto found = ids();
    for (std::uint64_t i = 0; i < count; ++i) {
      ASSERT_TRUE(found.contains(to_text(testing::numbered_message(i).id()))) << i;
    }
    EXPECT_EQ(found.size(), count);
  }

  testing::Certificates certificates_;
  testing::HttpTestServer receiver_{
      [](const testing::HttpRequest&) { return testing::HttpReply{}; }};
  std::string program_;
  testing::ServerProcess server_;
  int port_ = 0;
};

TEST_F(Nginx, GetsEachAlertOnceOverConnectionsThatItEnds) {
  serve("    keepalive_requests 7;");
  start_http();
  write(0, 300);
  ASSERT_TRUE(eventually([&] { return observer_.delivered_count() == 300; }, 60s)) << log_.all();
  end();
  expect_all(300);
  for (const auto& [id, times] : ids()) {
    EXPECT_EQ(times, 1) << id;
  }
}

TEST_F(Nginx, WantsTheClientsCertificate) {
  serve("");
  start(std::make_unique<HttpTransport>(
      HttpOptions{.url = "https://localhost:" + std::to_string(port_) + "/in",
                  .ca_cert = certificates_.path("ca.crt"),
                  .timeout = 2000ms}));
  write(0, 1);
  // nginx speaks HTTP 400 to a client that has shown none.
  ASSERT_TRUE(eventually([&] { return log_.has("400"); })) << log_.all();
  end(100ms);
  EXPECT_EQ(observer_.delivered_count(), 0U);
}

TEST_F(Nginx, KilledAndStartedAgainLosesNothing) {
  serve("");
  start_http();
  std::thread flood([this] {
    for (std::uint64_t i = 0; i < 20; ++i) {
      write(100 * i, 100);
      std::this_thread::sleep_for(50ms);
    }
  });
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(250ms);
    server_.end(i == 1 ? SIGTERM : SIGKILL);
    std::this_thread::sleep_for(100ms);
    start_server();
  }
  flood.join();
  EXPECT_TRUE(eventually([&] { return observer_.delivered_count() == 2000; }, 60s)) << log_.all();
  end();
  EXPECT_EQ(left_.waiting + left_.set_aside, 0U);
  expect_all(2000);
}

TEST_F(Nginx, RateLimitsOnlyDelay) {
  serve("    limit_req zone=few; limit_req_status 429;");
  start_http();
  write(0, 40);
  ASSERT_TRUE(eventually([&] { return observer_.delivered_count() == 40; }, 60s)) << log_.all();
  end();
  EXPECT_TRUE(has_answered("429"));
  EXPECT_EQ(left_.set_aside, 0U);
  expect_all(40);
}

TEST_F(Nginx, ABodyThatIsTooLargeIsSetAside) {
  serve("    client_max_body_size 400;");
  start_http();
  Notice large;
  large.ts_ns = 1;
  large.rule = "large";
  large.message = std::string(2000, 'x');
  const std::vector<OutputMessage> batch = {OutputMessage(std::move(large)),
                                            testing::numbered_message(0)};
  ASSERT_EQ(sink_->write(batch).taken, 2U);
  ASSERT_TRUE(eventually([&] { return observer_.delivered_count() == 1; }, 10s))
      << log_.all() << errors();
  end();
  EXPECT_EQ(left_.set_aside, 1U);
  EXPECT_TRUE(log_.has("413")) << log_.all();
  expect_all(1);
}

}  // namespace
}  // namespace saker
