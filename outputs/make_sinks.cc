// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/make_sinks.h"

#include "outputs/delivery/delivering_sink.h"
#include "outputs/http/http_transport.h"
#include "outputs/kafka/kafka_transport.h"
#include "outputs/spool/bypass_store.h"
#include "outputs/spool/memory_store.h"
#include "outputs/spool/spool.h"

namespace saker {

namespace {

Result<std::unique_ptr<RecordStore>> make_store(const DurabilityOptions& durability,
                                                const OutputLog& log) {
  if (durability.spool) {
    auto spool = Spool::open(*durability.spool,
                             [log](const std::string& text) { log(Priority::kError, text); });
    if (spool) {
      return std::make_unique<BypassStore>(std::move(*spool), durability.memory_capacity);
    }
    if (durability.is_spool_required) {
      return tl::unexpected(std::move(spool).error());
    }
    log(Priority::kWarning, spool.error().message + "; alerts wait in memory only");
  }
  return std::make_unique<MemoryStore>(durability.memory_capacity);
}

Result<std::unique_ptr<Sink>> make_sink(std::unique_ptr<Transport> transport,
                                        EncoderOptions encoder, DeliveryOptions delivery,
                                        const DurabilityOptions& durability, const OutputLog& log,
                                        std::uint64_t tries_without_spool) {
  SAKER_ASSIGN_OR_RETURN(auto store, make_store(durability, log));
  if (!store->survives_restart() && tries_without_spool > 0) {
    delivery.counts_outages = true;
    delivery.max_tries = static_cast<std::uint32_t>(tries_without_spool);
  }
  return std::make_unique<DeliveringSink>(DeliveringSink::Parts{
      std::move(store), std::move(transport), std::move(encoder), delivery, log});
}

}  // namespace

Result<std::unique_ptr<Sink>> make_http_sink(const HttpOptions& http, const RenderOptions& render,
                                             const DurabilityOptions& durability,
                                             const OutputLog& log) {
  EncoderOptions encoder;
  encoder.render = render;
  return make_sink(std::make_unique<HttpTransport>(http), std::move(encoder), durability.delivery,
                   durability, log, http.max_consecutive_timeouts + 1);
}

Result<std::unique_ptr<Sink>> make_kafka_sink(const KafkaOptions& kafka,
                                              const RenderOptions& render,
                                              const DurabilityOptions& durability,
                                              const OutputLog& log) {
  EncoderOptions encoder;
  encoder.render = render;
  encoder.topic = kafka.topic;
  encoder.key = kafka.key;
  encoder.has_all_headers = true;
  // Waits for its brokers with or without a spool; the queue in front has its bound.
  return make_sink(std::make_unique<KafkaTransport>(kafka), std::move(encoder), durability.delivery,
                   durability, log, 0);
}

}  // namespace saker
