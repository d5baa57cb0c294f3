// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/kafka/kafka_transport.h"

namespace saker {

Status KafkaTransport::open() {
  SAKER_ASSIGN_OR_RETURN(auto properties, kafka_properties(options_));
  SAKER_ASSIGN_OR_RETURN(producer_, KafkaProducer::create(std::move(properties)));
  return {};
}

std::vector<Outcome> KafkaTransport::send(std::span<const DeliveryRecord> records,
                                          const StopSignal& stop) {
  return producer_->send(records, stop);
}

}  // namespace saker
