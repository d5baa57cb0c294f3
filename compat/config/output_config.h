// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Settings of outputs that Falco does not have. What they mean: docs/outputs.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace saker::config {

// Of every output.
struct SinkSettings {
  std::string format = "falco";
  std::string min_priority = "debug";
  std::vector<std::string> rules;
  std::vector<std::string> tags;
  bool redact = false;
  std::vector<std::string> redact_patterns;  // empty: the built-in ones
  bool fold = false;
  std::uint64_t fold_window_s = 60;
  std::vector<std::string> fold_fields;
};

// Of outputs that deliver over the network.
struct SpoolSettings {
  bool enabled = true;
  std::string path;  // file, or folder for one; empty: the default folder
  std::uint64_t max_size_mb = 512;
  std::uint64_t max_age_s = 0;  // 0: no limit
  std::string when_full = "drop_oldest";
  std::string sync = "full";
};

struct KafkaOutput {
  SinkSettings common;
  SpoolSettings spool;
  bool enabled = false;
  std::vector<std::string> brokers;
  std::string topic;
  std::string key = "host";
  std::string client_id = "saker";
  std::string acks = "all";
  std::string compression = "none";
  bool idempotence = true;
  std::uint64_t message_timeout_ms = 30000;
  bool tls = false;
  bool insecure = false;
  std::string ca_cert;
  std::string client_cert;
  std::string client_key;
  std::string client_key_password;
  std::string sasl_mechanism;
  std::string username;
  std::string password;
  std::map<std::string, std::string> properties;
};

}  // namespace saker::config
