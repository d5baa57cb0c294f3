// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/support/kafka_reader.h"

#include <chrono>

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

namespace saker::testing {

namespace {

std::string text_of(const void* data, std::size_t size) {
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
}

KafkaMessage copy(const rd_kafka_message_t& message) {
  KafkaMessage result;
  result.partition = message.partition;
  result.key = text_of(message.key, message.key_len);
  result.payload = text_of(message.payload, message.len);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
      result.headers[name] = text_of(value, size);
    }
  }
  return result;
}

int partition_count(rd_kafka_t* consumer, const std::string& topic) {
  rd_kafka_topic_t* handle = rd_kafka_topic_new(consumer, topic.c_str(), nullptr);
  const struct rd_kafka_metadata* metadata = nullptr;
  int count = 0;
  if (rd_kafka_metadata(consumer, 0, handle, &metadata, 10000) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    count = metadata->topic_cnt > 0 ? metadata->topics[0].partition_cnt : 0;
    rd_kafka_metadata_destroy(metadata);
  }
  rd_kafka_topic_destroy(handle);
  return count;
}

}  // namespace

std::vector<KafkaMessage> read_topic(const std::string& brokers, const std::string& topic,
                                     std::size_t count) {
  using Clock = std::chrono::steady_clock;
  char text[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), text, sizeof text);
  rd_kafka_conf_set(conf, "group.id", "saker-test", text, sizeof text);
  rd_kafka_conf_set(conf, "enable.auto.commit", "false", text, sizeof text);
  rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", text, sizeof text);
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
  if (consumer == nullptr) {
    ADD_FAILURE() << text;
    return {};
  }
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(4);
  for (int i = 0; i < partition_count(consumer, topic); ++i) {
    rd_kafka_topic_partition_list_add(list, topic.c_str(), i)->offset = RD_KAFKA_OFFSET_BEGINNING;
  }
  rd_kafka_assign(consumer, list);
  rd_kafka_topic_partition_list_destroy(list);
  std::vector<KafkaMessage> messages;
  constexpr std::chrono::seconds kPatience{30};
  auto end = Clock::now() + kPatience;
  while (Clock::now() < end) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 500);
    if (message == nullptr) {
      if (messages.size() >= count) {
        break;
      }
      continue;
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      messages.push_back(copy(*message));
      end = Clock::now() + kPatience;
    }
    rd_kafka_message_destroy(message);
  }
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return messages;
}

}  // namespace saker::testing
