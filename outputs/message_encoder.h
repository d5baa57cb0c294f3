// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Makes the record of a message: rendered payload, topic, key, headers, id.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "outputs/message.h"
#include "outputs/spool/record.h"

namespace saker {

struct EncoderOptions {
  RenderOptions render;
  // May hold %source, %priority (lower case) and %rule; what Kafka does not allow in the name of a
  // topic becomes "_". Empty: records have no destination.
  std::string topic;
  // "host", "rule", "container" or the name of an output field; empty: no key, one order for all.
  // Without a value for it (no such field in the rule's output) the host's name is the key.
  std::string key;
  // rule, priority, source, tags, ruleset-digest beside the alert's id and the content type.
  bool has_all_headers = false;
};

inline constexpr std::string_view kAlertIdHeader = "alert-id";
inline constexpr std::string_view kContentTypeHeader = "content-type";

class MessageEncoder {
public:
  explicit MessageEncoder(EncoderOptions options) : options_(std::move(options)) {}

  // One thread at a time.
  [[nodiscard]] DeliveryRecord encode(const OutputMessage& message);

private:
  [[nodiscard]] std::string topic_of(const OutputMessage& message) const;
  [[nodiscard]] std::string key_of(const OutputMessage& message) const;
  void add_headers(const OutputMessage& message, DeliveryRecord& record);

  EncoderOptions options_;
  std::uint64_t digest_generation_ = ~0ULL;
  const void* digest_of_ = nullptr;  // the rule set; compared, never followed
  std::string digest_;
};

// Replaces what may not stand in a topic's name; at most 249 bytes. Source: Kafka, class Topic,
// LEGAL_CHARS and MAX_NAME_LENGTH.
[[nodiscard]] std::string legal_topic(std::string_view text);

}  // namespace saker
