// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <optional>

#include "outputs/delivery/transport.h"
#include "outputs/kafka/kafka_producer.h"

namespace saker {

// Kafka: a record is acknowledged by its delivery report.
class KafkaTransport final : public Transport {
public:
  explicit KafkaTransport(KafkaOptions options) : options_(std::move(options)) {}

  [[nodiscard]] std::string_view name() const override { return "kafka"; }
  [[nodiscard]] Status open() override;
  [[nodiscard]] std::vector<Outcome> send(std::span<const DeliveryRecord> records,
                                          const StopSignal& stop) override;
  void idle() override { producer_->idle(); }
  void close() override { producer_.reset(); }

private:
  KafkaOptions options_;
  std::optional<KafkaProducer> producer_;
};

}  // namespace saker
