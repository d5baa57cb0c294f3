// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A librdkafka producer that sends batches and waits for their delivery reports. The library stays
// in kafka_producer.cc.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "outputs/delivery/transport.h"
#include "outputs/kafka/kafka_options.h"

namespace saker {

class KafkaProducer {
public:
  // Fails with the key whose value librdkafka does not accept, and why. Connects in the background.
  [[nodiscard]] static Result<KafkaProducer> create(std::vector<KafkaProperty> properties);
  KafkaProducer(KafkaProducer&&) noexcept;
  KafkaProducer& operator=(KafkaProducer&&) noexcept;
  ~KafkaProducer();

  // As Transport::send().
  [[nodiscard]] std::vector<Outcome> send(std::span<const DeliveryRecord> records,
                                          const StopSignal& stop);

  // Lets the library run its callbacks (errors, renewal of tokens).
  void idle();

private:
  struct Impl;
  explicit KafkaProducer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace saker
