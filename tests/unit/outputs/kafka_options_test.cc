// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/kafka/kafka_options.h"

#include <stdlib.h>

#include <fstream>

#include <gmock/gmock.h>

#include "outputs/kafka/kafka_producer.h"
#include "outputs/message_encoder.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"

namespace saker {
namespace {

using ::testing::HasSubstr;

std::string value_of(const std::vector<KafkaProperty>& properties, std::string_view name) {
  std::string value = "(none)";
  for (const KafkaProperty& property : properties) {
    value = property.name == name ? property.value : value;  // the last one counts
  }
  return value;
}

TEST(KafkaOptions, BecomeProperties) {
  KafkaOptions options{.brokers = "a:9092,b:9093", .topic = "falco-%source.%priority_%rule"};
  auto plain = kafka_properties(options);
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(value_of(*plain, "bootstrap.servers"), "a:9092,b:9093");
  EXPECT_EQ(value_of(*plain, "enable.idempotence"), "true");
  EXPECT_EQ(value_of(*plain, "acks"), "all");
  EXPECT_EQ(value_of(*plain, "security.protocol"), "plaintext");
  options.tls = true;
  options.sasl_mechanism = "SCRAM-SHA-512";
  options.username = "u";
  options.password = "p";
  options.properties = {{"linger.ms", "7"}, {"acks", "1"}};
  auto rich = kafka_properties(options);
  ASSERT_TRUE(rich);
  EXPECT_EQ(value_of(*rich, "security.protocol"), "sasl_ssl");
  EXPECT_EQ(value_of(*rich, "sasl.password"), "p");
  EXPECT_EQ(value_of(*rich, "linger.ms"), "7");
  EXPECT_EQ(value_of(*rich, "acks"), "1");
}

TEST(KafkaOptions, SecretsComeFromEnvironmentAndFiles) {
  const testing::TempDir dir;
  std::ofstream(dir.file("password")) << "from file\nsecond line\n";
  ASSERT_EQ(::setenv("SAKER_TEST_USER", "from env", 1), 0);
  KafkaOptions options{.brokers = "a", .topic = "t", .sasl_mechanism = "PLAIN"};
  options.username = "${env:SAKER_TEST_USER}";
  options.password = "file:" + dir.file("password");
  options.properties = {{"client.rack", "env:SAKER_TEST_USER"}};
  const auto properties = kafka_properties(options);
  ASSERT_TRUE(properties) << properties.error().message;
  EXPECT_EQ(value_of(*properties, "sasl.username"), "from env");
  EXPECT_EQ(value_of(*properties, "sasl.password"), "from file");
  EXPECT_EQ(value_of(*properties, "client.rack"), "from env");

  options.password = "${env:SAKER_TEST_MISSING}";
  const auto missing = kafka_properties(options);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message,
            "kafka_output.password: environment variable SAKER_TEST_MISSING is not set");
}

TEST(KafkaOptions, MistakesAreFoundAtTheStart) {
  const struct {
    KafkaOptions options;
    std::string reason;
  } cases[] = {
      {{.topic = "t"}, "kafka_output.brokers: is missing"},
      {{.brokers = "a:b", .topic = "t"}, "kafka_output.brokers: 'a:b' is no host:port"},
      {{.brokers = "a:1,,b:2", .topic = "t"}, "'' is no host:port"},
      {{.brokers = "a"}, "kafka_output.topic: is missing"},
      {{.brokers = "a", .topic = "a b"}, "kafka_output.topic: 'a b' may hold only"},
      {{.brokers = "a", .topic = "%host"}, "only %source, %priority and %rule"},
      {{.brokers = "a", .topic = "t", .key = ""}, "kafka_output.key: is empty"},
      {{.brokers = "a", .topic = "t", .acks = "2"}, "kafka_output.acks: '2' is none of all"},
      {{.brokers = "a", .topic = "t", .acks = "1"}, "must be all unless idempotence is false"},
      {{.brokers = "a", .topic = "t", .compression = "rar"}, "kafka_output.compression: 'rar'"},
      {{.brokers = "a", .topic = "t", .ca_cert = "/x"}, "kafka_output.tls: certificates are"},
      {{.brokers = "a", .topic = "t", .tls = true, .ca_cert = "/nonexistent"},
       "kafka_output.ca_cert: cannot read /nonexistent"},
      {{.brokers = "a", .topic = "t", .tls = true, .client_cert = "/x"},
       "client_cert and client_key belong together"},
      {{.brokers = "a", .topic = "t", .sasl_mechanism = "PLAIN"}, "username and password"},
      {{.brokers = "a", .topic = "t", .sasl_mechanism = "MAGIC"}, "'MAGIC' is none of PLAIN"},
      {{.brokers = "a", .topic = "t", .password = "p"}, "kafka_output.sasl_mechanism: is missing"},
  };
  for (const auto& one : cases) {
    const auto properties = kafka_properties(one.options);
    ASSERT_FALSE(properties) << one.reason;
    EXPECT_THAT(properties.error().message, HasSubstr(one.reason));
  }
}

TEST(KafkaProducer, NamesThePropertyThatTheLibraryRefuses) {
  const struct {
    std::map<std::string, std::string> properties;
    std::string reason;
  } cases[] = {
      {{{"no.such.property", "1"}}, "kafka_output.properties.no.such.property: No such"},
      {{{"linger.ms", "fast"}}, "kafka_output.properties.linger.ms: "},
      {{{"message.max.bytes", "1"}}, "kafka_output.properties.message.max.bytes: "},
      {{{"max.in.flight", "9"}}, "kafka_output: "},
  };
  for (const auto& one : cases) {
    auto properties =
        kafka_properties({.brokers = "127.0.0.1:1", .topic = "t", .properties = one.properties});
    ASSERT_TRUE(properties);
    const auto producer = KafkaProducer::create(std::move(*properties));
    ASSERT_FALSE(producer) << one.reason;
    EXPECT_THAT(producer.error().message, HasSubstr(one.reason));
  }
}

TEST(MessageEncoder, MakesTopicKeyAndHeaders) {
  EncoderOptions options;
  options.render.hostname = "web-1";
  options.topic = "%source-%priority-%rule";
  options.key = "rule";
  options.has_all_headers = true;
  MessageEncoder encoder(options);
  const OutputMessage message = testing::numbered_message(5);
  const DeliveryRecord record = encoder.encode(message);
  EXPECT_EQ(record.id, to_text(message.id()));
  EXPECT_EQ(record.destination, "internal-warning-Test_rule");
  EXPECT_EQ(record.key, "Test rule");
  EXPECT_THAT(record.headers, ::testing::Contains(RecordHeader{"alert-id", record.id}));
  EXPECT_THAT(record.headers, ::testing::Contains(RecordHeader{"content-type", "text/plain"}));
  EXPECT_THAT(record.headers, ::testing::Contains(RecordHeader{"priority", "Warning"}));
  options.key = "container";
  EXPECT_EQ(MessageEncoder(options).encode(message).key, "web-1");
  options.key = "";
  EXPECT_EQ(MessageEncoder(options).encode(message).key, "");
}

TEST(LegalTopic, ReplacesWhatKafkaRefuses) {
  EXPECT_EQ(legal_topic("Read /etc/shadow \xc3\xa4"), "Read__etc_shadow___");
  EXPECT_EQ(legal_topic(std::string(300, 'a')).size(), 249U);
}

}  // namespace
}  // namespace saker
