// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// librdkafka's mock cluster: three made-up brokers in this process that speak the real protocol.
#pragma once

#include <string>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

namespace saker::testing {

class KafkaMockCluster {
public:
  KafkaMockCluster() {
    char text[512];
    handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), text, sizeof text);
    cluster_ = rd_kafka_mock_cluster_new(handle_, kBrokerCount);
  }
  KafkaMockCluster(const KafkaMockCluster&) = delete;
  KafkaMockCluster& operator=(const KafkaMockCluster&) = delete;
  ~KafkaMockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(handle_);
  }

  [[nodiscard]] std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  // As a value of -o, which takes no list.
  [[nodiscard]] std::string first_broker() const {
    return brokers().substr(0, brokers().find(','));
  }
  [[nodiscard]] rd_kafka_mock_cluster_t* get() { return cluster_; }
  void make_topic(const char* name, int partition_count) {
    rd_kafka_mock_topic_create(cluster_, name, partition_count, 1);
  }
  void set_all(bool is_up) {
    for (int broker = 1; broker <= kBrokerCount; ++broker) {
      if (is_up) {
        rd_kafka_mock_broker_set_up(cluster_, broker);
      } else {
        rd_kafka_mock_broker_set_down(cluster_, broker);
      }
    }
  }

private:
  static constexpr int kBrokerCount = 3;

  rd_kafka_t* handle_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

}  // namespace saker::testing
