// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The Kafka sink against librdkafka's mock cluster in this process: real protocol, made-up brokers.
#include "tests/support/kafka_mock.h"

#include <map>
#include <set>

#include <gmock/gmock.h>

#include "outputs/kafka/kafka_transport.h"
#include "outputs/make_sinks.h"
#include "tests/support/delivery_fixture.h"
#include "tests/support/kafka_reader.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using testing::eventually;
using testing::KafkaMessage;
using testing::read_topic;

constexpr std::int16_t kProduce = 0;  // Source: Kafka protocol guide, API keys

class KafkaSink : public testing::DeliveryFixture {
protected:
  KafkaSink() {
    encoder_.render.hostname = "host-1";
    encoder_.render.as_json = true;
    encoder_.topic = "alerts";
    encoder_.key = "host";
    encoder_.has_all_headers = true;
    options_.brokers = cluster_.brokers();
    options_.topic = encoder_.topic;
  }
  void start_kafka() { start(std::make_unique<KafkaTransport>(options_), encoder_); }
  std::vector<KafkaMessage> read(std::size_t count, const std::string& topic = "alerts") {
    return read_topic(cluster_.brokers(), topic, count);
  }

  testing::KafkaMockCluster cluster_;
  KafkaOptions options_;
  EncoderOptions encoder_;
};

std::size_t distinct_ids(const std::vector<KafkaMessage>& messages) {
  std::set<std::string> ids;
  for (const KafkaMessage& message : messages) {
    ids.insert(message.headers.at("alert-id"));
  }
  return ids.size();
}

TEST_F(KafkaSink, DeliversWithKeyHeadersAndOrder) {
  cluster_.make_topic("alerts", 1);
  start_kafka();
  write(0, 1500);
  end();
  EXPECT_EQ(observer_.delivered_count(), 1500U);
  const auto messages = read(1500);
  ASSERT_EQ(messages.size(), 1500U);
  for (std::uint64_t i = 0; i < messages.size(); ++i) {
    const OutputMessage expected = testing::numbered_message(i);
    std::string payload;
    expected.render(payload, encoder_.render);
    ASSERT_EQ(messages[i].payload, payload) << i;
    ASSERT_EQ(messages[i].key, "host-1");
    ASSERT_EQ(messages[i].headers.at("alert-id"), to_text(expected.id()));
    ASSERT_EQ(messages[i].headers.at("content-type"), "application/json");
    ASSERT_EQ(messages[i].headers.at("rule"), "Test rule");
    ASSERT_EQ(messages[i].headers.at("priority"), "Warning");
    ASSERT_EQ(messages[i].headers.at("source"), "internal");
  }
}

TEST_F(KafkaSink, TopicsFollowTheTemplate) {
  cluster_.make_topic("falco.internal.warning", 1);
  encoder_.topic = options_.topic = "falco.%source.%priority";
  start_kafka();
  write(0, 3);
  end();
  EXPECT_EQ(read(3, "falco.internal.warning").size(), 3U);
}

TEST_F(KafkaSink, WaitsForBrokersThatAreAway) {
  cluster_.make_topic("alerts", 1);
  cluster_.set_all(false);
  options_.message_timeout = 700ms;
  start_kafka();
  write(0, 40);
  ASSERT_TRUE(eventually([&] { return log_.has("alerts wait"); }));
  write(40, 10);
  cluster_.set_all(true);
  ASSERT_TRUE(eventually([&] { return observer_.delivered_count() == 50; }));
  end();
  const auto messages = read(50);
  EXPECT_EQ(distinct_ids(messages), 50U);
  EXPECT_EQ(left_.waiting + left_.set_aside, 0U);
}

TEST_F(KafkaSink, WhatIsNotAcknowledgedStaysForTheNextRun) {
  cluster_.make_topic("alerts", 1);
  cluster_.set_all(false);
  start_kafka();
  write(0, 25);
  const auto began = std::chrono::steady_clock::now();
  end(500ms);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 8s);
  EXPECT_EQ(left_.waiting, 25U);
  cluster_.set_all(true);
  start_kafka();
  ASSERT_TRUE(eventually([&] { return sink_->counts().waiting == 0; }));
  end();
  EXPECT_EQ(distinct_ids(read(25)), 25U);
}

TEST_F(KafkaSink, BrokersThatAnswerWithErrorsAreTriedAgain) {
  cluster_.make_topic("alerts", 1);
  rd_kafka_mock_push_request_errors(
      cluster_.get(), kProduce, 6, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
      RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
      RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
      RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE);
  start_kafka();
  write(0, 30);
  ASSERT_TRUE(eventually([&] { return observer_.delivered_count() == 30; }));
  end();
  EXPECT_EQ(distinct_ids(read(30)), 30U);
}

TEST_F(KafkaSink, AnAlertThatIsTooLargeIsSetAside) {
  cluster_.make_topic("alerts", 1);
  options_.properties = {{"message.max.bytes", "2000"}};
  start_kafka();
  write(0, 2);
  Notice large;
  large.rule = "Large";
  large.message = std::string(5000, 'x');
  const std::vector<OutputMessage> messages = {OutputMessage(std::move(large))};
  ASSERT_EQ(sink_->write(messages).taken, 1U);
  write(2, 2);
  end();
  EXPECT_EQ(observer_.delivered_count(), 4U);
  EXPECT_EQ(left_.set_aside, 1U);
  EXPECT_TRUE(log_.has("set aside: Broker: Message size too large"));
}

TEST_F(KafkaSink, OrderWithinAKeyHoldsAcrossPartitionsAndTrouble) {
  cluster_.make_topic("alerts", 4);
  encoder_.key = "rule";
  rd_kafka_mock_push_request_errors(cluster_.get(), kProduce, 2, RD_KAFKA_RESP_ERR__TRANSPORT,
                                    RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
  start_kafka();
  for (std::uint64_t round = 0; round < 10; ++round) {
    std::vector<OutputMessage> batch;
    for (std::uint64_t i = 0; i < 50; ++i) {
      Notice notice;
      notice.ts_ns = round * 50 + i;
      notice.rule = "rule " + std::to_string(i % 7);
      notice.fields["number"] = notice.ts_ns;
      batch.emplace_back(std::move(notice));
    }
    ASSERT_EQ(sink_->write(batch).taken, 50U);
  }
  ASSERT_TRUE(eventually([&] { return observer_.delivered_count() == 500; }));
  end();
  const auto messages = read(500);
  ASSERT_EQ(messages.size(), 500U);
  std::map<std::string, long> last;
  std::map<std::string, int> partition;
  for (const KafkaMessage& message : messages) {
    const long number = std::stol(message.payload.substr(message.payload.find("\"number\":") + 9));
    const auto [found, is_new] = last.try_emplace(message.key, -1);
    EXPECT_LT(found->second, number) << message.key;
    found->second = number;
    EXPECT_EQ(partition.try_emplace(message.key, message.partition).first->second,
              message.partition);
  }
}

}  // namespace
}  // namespace saker
