// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace saker::testing {

struct KafkaMessage {
  int partition = 0;
  std::string key;
  std::string payload;
  std::map<std::string, std::string> headers;
};

// Everything in the topic from its beginning, per partition in order: returns once `count` messages
// are there and none follows for a moment, or half a minute after the last.
[[nodiscard]] std::vector<KafkaMessage> read_topic(const std::string& brokers,
                                                   const std::string& topic, std::size_t count);

}  // namespace saker::testing
