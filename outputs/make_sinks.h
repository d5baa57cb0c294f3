// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The sinks that deliver over the network, put together from their options.
#pragma once

#include <memory>
#include <optional>

#include "outputs/delivery/delivery_options.h"
#include "outputs/http/http_options.h"
#include "outputs/kafka/kafka_options.h"
#include "outputs/output_log.h"
#include "outputs/sink.h"
#include "outputs/spool/spool_options.h"

namespace saker {

struct DurabilityOptions {
  // Absent: records wait in memory only. A file of its own for each sink.
  std::optional<SpoolOptions> spool;
  // False (a default path, nobody asked for it): when the file cannot be made, a warning is logged
  // and the sink goes on without it.
  bool is_spool_required = true;
  DeliveryOptions delivery;
  // Records that may be in memory: all of them without a spool, while the disk is full with one.
  std::size_t memory_capacity = 2048;
};

// Fail when the spool is required and cannot be opened. The options of the receiver are checked by
// the sink's open().
[[nodiscard]] Result<std::unique_ptr<Sink>> make_http_sink(const HttpOptions& http,
                                                           const RenderOptions& render,
                                                           const DurabilityOptions& durability,
                                                           const OutputLog& log);
[[nodiscard]] Result<std::unique_ptr<Sink>> make_kafka_sink(const KafkaOptions& kafka,
                                                            const RenderOptions& render,
                                                            const DurabilityOptions& durability,
                                                            const OutputLog& log);

}  // namespace saker
