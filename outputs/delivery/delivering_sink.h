// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A sink that delivers on acknowledgement: write() puts the batch into a store and returns, a
// worker of its own brings the records to the receiver. With a Spool as store nothing is lost when
// the process ends in whatever way.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "outputs/delivery/delivery_worker.h"
#include "outputs/message_encoder.h"
#include "outputs/sink.h"

namespace saker {

class DeliveringSink final : public Sink {
public:
  struct Parts {
    std::unique_ptr<RecordStore> store;
    std::unique_ptr<Transport> transport;
    EncoderOptions encoder;
    DeliveryOptions delivery;
    OutputLog log;
  };

  explicit DeliveringSink(Parts parts);

  [[nodiscard]] std::string_view name() const override { return transport_->name(); }
  [[nodiscard]] Status open(DeliveryObserver& observer, const StopSignal& stop) override;
  // Takes all of the batch, or none while the store has no room.
  [[nodiscard]] WriteResult write(std::span<const OutputMessage> batch) override;
  // What is left at the deadline stays in a durable store for the next start; otherwise it is lost
  // and counted.
  [[nodiscard]] Status drain(SteadyTime deadline) override;

  [[nodiscard]] SinkStore stored() const override {
    const StoreCounts counts = store_->counts();
    return {counts.waiting, counts.waiting_bytes, counts.set_aside};
  }
  [[nodiscard]] StoreCounts counts() const { return store_->counts(); }

private:
  std::unique_ptr<RecordStore> store_;
  std::unique_ptr<Transport> transport_;
  MessageEncoder encoder_;
  DeliveryOptions options_;
  OutputLog log_;
  DeliveryObserver* observer_ = nullptr;
  std::optional<DeliveryWorker> worker_;
  std::string told_trouble_;  // of the store, so that each is logged once
};

}  // namespace saker
