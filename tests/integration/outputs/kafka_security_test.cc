// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The Kafka sink and a broker that wants TLS, client certificates, SASL. What a broker refuses
// stays in the spool, and the log says why without saying the password.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "outputs/kafka/kafka_transport.h"
#include "tests/support/certificates.h"
#include "tests/support/delivery_fixture.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reader.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using testing::eventually;

constexpr const char* kPassword = "falcon-secret";

class KafkaSecurity : public testing::DeliveryFixture {
protected:
  static void SetUpTestSuite() {
    certificates_ = std::make_unique<testing::Certificates>();
    strangers_ = std::make_unique<testing::Certificates>();
    broker_ = std::make_unique<testing::KafkaBrokerProcess>(
        std::filesystem::path(file("ca.crt")).parent_path());
  }
  static void TearDownTestSuite() {
    broker_.reset();
    strangers_.reset();
    certificates_.reset();
  }
  void SetUp() override {
    if (!certificates_->is_made()) {
      GTEST_SKIP() << "no usable openssl command to make certificates";
    }
    if (broker_->is_missing()) {
      GTEST_SKIP() << testing::KafkaBrokerProcess::kMissing;
    }
    ASSERT_TRUE(broker_->is_running()) << "the broker did not start";
  }

  static std::string file(const char* name) { return certificates_->path(name); }

  static KafkaOptions tls(const std::string& brokers) {
    return {.brokers = brokers, .message_timeout = 3000ms, .tls = true, .ca_cert = file("ca.crt")};
  }
  static KafkaOptions client() {
    KafkaOptions options = tls(broker_->tls_address());
    options.client_cert = file("client.crt");
    options.client_key = file("client.key");
    return options;
  }
  static KafkaOptions sasl(const char* mechanism, const char* password = kPassword) {
    KafkaOptions options = tls(broker_->sasl_address());
    options.sasl_mechanism = mechanism;
    options.username = "saker";
    options.password = password;
    return options;
  }
  static KafkaOptions bearer() {
    KafkaOptions options = tls(broker_->sasl_address());
    options.sasl_mechanism = "OAUTHBEARER";
    options.properties = {{"enable.sasl.oauthbearer.unsecure.jwt", "true"},
                          {"sasl.oauthbearer.config", "principal=saker"}};
    return options;
  }

  void start_sink(KafkaOptions options, const std::string& topic) {
    options.topic = topic;
    EncoderOptions encoder;
    encoder.render = {.as_json = true, .hostname = "host-1"};
    encoder.topic = topic;
    encoder.key = "host";
    encoder.has_all_headers = true;
    start(std::make_unique<KafkaTransport>(options), encoder);
  }

  void expect_delivery(const std::string& topic, KafkaOptions options) {
    SCOPED_TRACE(topic);
    start_sink(std::move(options), topic);
    write(0, 20);
    end(60s);
    EXPECT_EQ(left_.waiting + left_.set_aside, 0U) << log_.all();
    EXPECT_EQ(testing::read_topic(broker_->address(), topic, 20).size(), 20U);
  }

  // The alerts wait, the log holds `reason`; with `right` options the next start delivers them.
  void expect_refusal(const std::string& topic, KafkaOptions options, const char* reason,
                      KafkaOptions right) {
    SCOPED_TRACE(topic);
    start_sink(std::move(options), topic);
    write(0, 5);
    EXPECT_TRUE(eventually([&] { return log_.has(reason); }, 60s)) << log_.all();
    end(100ms);
    EXPECT_EQ(left_.waiting, 5U);
    EXPECT_EQ(left_.set_aside, 0U);
    EXPECT_FALSE(log_.has(kPassword));
    start_sink(std::move(right), topic);
    EXPECT_TRUE(eventually([&] { return sink_->counts().waiting == 0; }, 60s)) << log_.all();
    end(60s);
    EXPECT_EQ(testing::read_topic(broker_->address(), topic, 5).size(), 5U);
  }

  static std::unique_ptr<testing::Certificates> certificates_;
  static std::unique_ptr<testing::Certificates> strangers_;
  static std::unique_ptr<testing::KafkaBrokerProcess> broker_;
};

std::unique_ptr<testing::Certificates> KafkaSecurity::certificates_;
std::unique_ptr<testing::Certificates> KafkaSecurity::strangers_;
std::unique_ptr<testing::KafkaBrokerProcess> KafkaSecurity::broker_;

TEST_F(KafkaSecurity, Delivers) {
  expect_delivery("client-certificate", client());
  expect_delivery("plain", sasl("PLAIN"));
  expect_delivery("scram", sasl("SCRAM-SHA-512"));
  expect_delivery("bearer", bearer());
  KafkaOptions unchecked = sasl("PLAIN");
  unchecked.ca_cert = "";
  unchecked.insecure = true;
  expect_delivery("insecure", unchecked);
}

TEST_F(KafkaSecurity, WhatIsRefusedWaitsAndIsExplained) {
  expect_refusal("no-certificate", tls(broker_->tls_address()), "certificate", client());
  KafkaOptions unknown_client = client();
  unknown_client.client_cert = strangers_->path("client.crt");
  unknown_client.client_key = strangers_->path("client.key");
  expect_refusal("unknown-client", unknown_client, "certificate", client());
  KafkaOptions unknown_server = client();
  unknown_server.ca_cert = strangers_->path("ca.crt");
  expect_refusal("unknown-server", unknown_server, "certificate", client());
  expect_refusal("wrong-password", sasl("PLAIN", "wrong"), "uthentication failed", sasl("PLAIN"));
  expect_refusal("wrong-scram", sasl("SCRAM-SHA-512", "wrong"), "uthentication failed",
                 sasl("SCRAM-SHA-512"));
  KafkaOptions no_tls = client();
  no_tls.tls = false;
  no_tls.ca_cert = no_tls.client_cert = no_tls.client_key = "";
  expect_refusal("no-tls", no_tls, "SSL", client());
}

TEST_F(KafkaSecurity, SecretsComeFromFilesAndTheEnvironment) {
  KafkaOptions options = sasl("SCRAM-SHA-512", "");
  const std::string secret = dir_.file("secret");
  std::ofstream(secret) << kPassword << "\n";
  options.password = "file:" + secret;
  expect_delivery("secret-file", options);
  ::setenv("SAKER_TEST_PASSWORD", kPassword, 1);
  options.password = "env:SAKER_TEST_PASSWORD";
  expect_delivery("secret-environment", options);
  ::unsetenv("SAKER_TEST_PASSWORD");
}

}  // namespace
}  // namespace saker
