// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The HTTP sink over TLS, with and without a client certificate.
#include <httplib.h>

#include <thread>

#include <gmock/gmock.h>

#include "outputs/http/http_transport.h"
#include "tests/support/certificates.h"
#include "tests/support/delivery_fixture.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals

class HttpsSink : public testing::DeliveryFixture {
protected:
  static void SetUpTestSuite() { certificates_ = std::make_unique<testing::Certificates>(); }
  static void TearDownTestSuite() { certificates_.reset(); }

  void SetUp() override {
    if (!certificates_->is_made()) {
      GTEST_SKIP() << "no usable openssl command to make certificates";
    }
  }
  void TearDown() override {
    if (server_ != nullptr) {
      server_->stop();
      thread_.join();
    }
  }

  static std::string file(const char* name) { return certificates_->path(name); }

  // With `wants_client`, only clients with a certificate of our authority are served.
  void serve(bool wants_client) {
    const std::string authority = file("ca.crt");
    server_ =
        std::make_unique<httplib::SSLServer>(file("server.crt").c_str(), file("server.key").c_str(),
                                             wants_client ? authority.c_str() : nullptr);
    server_->Post("/in", [this](const httplib::Request& request, httplib::Response&) {
      bodies_ += request.body + "\n";
    });
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_->listen_after_bind(); });
    ASSERT_TRUE(testing::eventually([this] { return server_->is_running(); }));
  }

  // Returns how many of two alerts arrived in the given time.
  std::size_t deliver(HttpOptions options, const std::string& host, std::chrono::seconds patience) {
    options.url = "https://" + host + ":" + std::to_string(port_) + "/in";
    const std::size_t before = observer_.delivered_count();
    std::filesystem::remove(dir_.file("spool.db"));
    start(std::make_unique<HttpTransport>(options));
    write(0, 2);
    end(patience);
    return observer_.delivered_count() - before;
  }

  static std::unique_ptr<testing::Certificates> certificates_;
  std::unique_ptr<httplib::SSLServer> server_;
  std::thread thread_;
  int port_ = 0;
  std::string bodies_;
};

std::unique_ptr<testing::Certificates> HttpsSink::certificates_;

TEST_F(HttpsSink, ChecksTheServersCertificate) {
  serve(false);
  EXPECT_EQ(deliver({.ca_cert = file("ca.crt")}, "localhost", 10s), 2U);
  EXPECT_EQ(deliver({.ca_bundle = file("ca.crt")}, "127.0.0.1", 10s), 2U);
  // ca_cert is stronger than ca_bundle.
  EXPECT_EQ(deliver({.ca_cert = file("ca.crt"), .ca_bundle = file("client.crt")}, "localhost", 10s),
            2U);
  // Not trusted by anybody on this machine.
  EXPECT_EQ(deliver({}, "localhost", 1s), 0U);
  EXPECT_TRUE(log_.has("certificate"));
  EXPECT_EQ(deliver({.ca_cert = file("client.crt")}, "localhost", 1s), 0U);
  EXPECT_EQ(deliver({.insecure = true}, "localhost", 10s), 2U);
}

TEST_F(HttpsSink, ChecksTheServersName) {
  serve(false);
  // The certificate does not hold this name of the loopback device.
  EXPECT_EQ(deliver({.ca_cert = file("ca.crt")}, "127.0.0.2", 1s), 0U);
}

TEST_F(HttpsSink, ShowsAClientCertificate) {
  serve(true);
  EXPECT_EQ(deliver({.ca_cert = file("ca.crt")}, "localhost", 1s), 0U);
  EXPECT_EQ(deliver({.ca_cert = file("ca.crt"),
                     .mtls = true,
                     .client_cert = file("client.crt"),
                     .client_key = file("client.key")},
                    "localhost", 10s),
            2U);
  EXPECT_THAT(bodies_, ::testing::HasSubstr("message 1"));
}

}  // namespace
}  // namespace saker
