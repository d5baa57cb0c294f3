// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"

namespace saker {

// kafka_output.*. Values of `username`, `password`, `client_key_password` and of `properties` may
// be secrets in the environment or in files (outputs/secret.h).
struct KafkaOptions {
  std::string brokers;  // host:port, separated by commas
  std::string topic;    // template: outputs/message_encoder.h
  std::string key = "host";
  std::string client_id = "saker";
  std::string acks = "all";          // all, 1, 0
  std::string compression = "none";  // none, gzip, snappy, lz4, zstd
  bool idempotence = true;
  // How long librdkafka tries by itself before records go back to the spool.
  std::chrono::milliseconds message_timeout{30000};

  bool tls = false;
  bool insecure = false;  // does not check the broker's certificate and name
  std::string ca_cert;
  std::string client_cert;
  std::string client_key;
  std::string client_key_password;

  std::string sasl_mechanism;  // PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER; empty: no SASL
  std::string username;
  std::string password;

  // Any property of librdkafka (its CONFIGURATION.md); stronger than the keys above.
  std::map<std::string, std::string> properties;
};

struct KafkaProperty {
  std::string name;
  std::string value;
  std::string key;  // of our configuration, for messages: "kafka_output.compression"
};

// Checks the options and turns them into properties of librdkafka, in the order in which they must
// be set. Fails with the reason, which begins with the key.
[[nodiscard]] Result<std::vector<KafkaProperty>> kafka_properties(const KafkaOptions& options);

}  // namespace saker
