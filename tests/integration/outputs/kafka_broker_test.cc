// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The Kafka sink against a real Apache Kafka broker, started by scripts/kafka_broker.sh.
#include "tests/support/kafka_broker.h"

#include <cstdio>
#include <map>
#include <thread>

#include <gmock/gmock.h>

#include "outputs/kafka/kafka_transport.h"
#include "tests/support/delivery_fixture.h"
#include "tests/support/kafka_reader.h"
#include "tests/support/killed_driver.h"
#include "tests/support/killed_product.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using testing::eventually;
using testing::KafkaMessage;

class KafkaBroker : public testing::DeliveryFixture {
protected:
  static void SetUpTestSuite() { broker_ = std::make_unique<testing::KafkaBrokerProcess>(); }
  static void TearDownTestSuite() { broker_.reset(); }
  void SetUp() override {
    if (broker_->is_missing()) {
      GTEST_SKIP() << testing::KafkaBrokerProcess::kMissing;
    }
    ASSERT_TRUE(broker_->is_running()) << "the broker did not start";
  }

  static void restart_broker() { ASSERT_TRUE(broker_->restart()); }
  static std::string brokers() { return broker_->address(); }

  void start_kafka(const std::string& topic) {
    EncoderOptions encoder;
    encoder.render = {.as_json = true, .hostname = "host-1"};
    encoder.topic = topic;
    encoder.key = "host";
    encoder.has_all_headers = true;
    start(
        std::make_unique<KafkaTransport>(KafkaOptions{
            .brokers = brokers(), .topic = topic, .compression = "lz4", .message_timeout = 5000ms}),
        encoder);
  }
  static std::map<std::string, int> count_ids(const std::vector<KafkaMessage>& messages) {
    std::map<std::string, int> ids;
    for (const KafkaMessage& message : messages) {
      ids[message.headers.at("alert-id")] += 1;
    }
    return ids;
  }

  static std::unique_ptr<testing::KafkaBrokerProcess> broker_;
};

std::unique_ptr<testing::KafkaBrokerProcess> KafkaBroker::broker_;

TEST_F(KafkaBroker, GetsEachAlertOnceInOrderWithItsHeaders) {
  start_kafka("plain");
  write(0, 2000);
  ASSERT_TRUE(eventually([&] { return observer_.delivered_count() == 2000; }, 60s));
  end();
  const auto messages = testing::read_topic(brokers(), "plain", 2000);
  ASSERT_EQ(messages.size(), 2000U);
  for (std::uint64_t i = 0; i < messages.size(); ++i) {
    ASSERT_EQ(messages[i].headers.at("alert-id"), to_text(testing::numbered_message(i).id()));
    ASSERT_EQ(messages[i].key, "host-1");
    ASSERT_EQ(messages[i].headers.at("content-type"), "application/json");
  }
}

TEST_F(KafkaBroker, ABrokerThatIsKilledLosesNothing) {
  start_kafka("restart");
  write(0, 1000);
  ASSERT_TRUE(eventually([&] { return observer_.delivered_count() == 1000; }, 60s));
  std::thread flood([this] {
    for (std::uint64_t i = 1; i < 40; ++i) {
      write(1000 * i, 1000);
      std::this_thread::sleep_for(100ms);
    }
  });
  restart_broker();
  flood.join();
  EXPECT_TRUE(eventually([&] { return observer_.delivered_count() == 40'000; }, 90s))
      << observer_.delivered_count() << "\n"
      << log_.all();
  end();
  EXPECT_EQ(left_.waiting + left_.set_aside, 0U);
  const auto ids = count_ids(testing::read_topic(brokers(), "restart", 40'000));
  EXPECT_EQ(ids.size(), 40'000U);
}

TEST_F(KafkaBroker, AKilledSenderLosesNothing) {
  std::mt19937 random(7);
  const int killed = testing::run_killed_driver({.program = SAKER_ALERT_DRIVER,
                                                 .kind = "kafka",
                                                 .receiver = brokers(),
                                                 .spool = dir_.file("killed.db"),
                                                 .alert_count = 20'000,
                                                 .kill_count = 15,
                                                 .longest_life_ms = 1500},
                                                random);
  const auto messages = testing::read_topic(brokers(), "alerts", 20'000);
  const auto ids = count_ids(messages);
  EXPECT_EQ(ids.size(), 20'000U);
  std::printf("%d kills, %zu messages, %zu duplicates\n", killed, messages.size(),
              messages.size() - ids.size());
}

// The product killed at random moments, the broker too now and then.
TEST_F(KafkaBroker, AKilledProductLosesNothing) {
  const testing::KillNumbers numbers = testing::kill_numbers(3000, 10);
  std::mt19937 random(numbers.seed);
  const std::string spool = dir_.file("product.db");
  std::thread restart;
  const auto join_restart = [&restart] {
    if (restart.joinable()) {
      restart.join();
    }
  };
  int restart_count = 0;
  const int killed = testing::run_killed_product(
      {.options = {"kafka_output.enabled=true", "kafka_output.brokers=" + brokers(),
                   "kafka_output.topic=product", "kafka_output.message_timeout_ms=5000",
                   "kafka_output.spool.path=" + spool},
       .spool = spool,
       .alert_count = numbers.alert_count,
       .kill_count = numbers.kill_count,
       .after_kill =
           [&](int kill) {
             if (kill % 10 == 5) {
               join_restart();
               restart = std::thread([] { restart_broker(); });
               ++restart_count;
             }
           }},
      random);
  join_restart();
  testing::Arrivals arrivals;
  for (const KafkaMessage& message :
       testing::read_topic(brokers(), "product", numbers.alert_count)) {
    arrivals.add(message.payload, message.headers.at("alert-id"));
  }
  EXPECT_EQ(killed, numbers.kill_count);
  testing::expect_complete(arrivals, numbers, killed);
  std::printf("the broker was killed %d times\n", restart_count);
}

}  // namespace
}  // namespace saker
