// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/kafka/kafka_options.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "outputs/message_encoder.h"
#include "outputs/secret.h"

namespace saker {

namespace {

constexpr std::array<std::string_view, 4> kAcks = {"all", "-1", "1", "0"};
constexpr std::array<std::string_view, 5> kCompressions = {"none", "gzip", "snappy", "lz4", "zstd"};
constexpr std::array<std::string_view, 5> kMechanisms = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512",
                                                         "OAUTHBEARER", "GSSAPI"};
constexpr std::array<std::string_view, 3> kTopicVariables = {"%source", "%priority", "%rule"};

tl::unexpected<Error> wrong(std::string_view key, std::string_view reason) {
  return fail(ErrorCode::kInvalidArgument,
              "kafka_output." + std::string(key) + ": " + std::string(reason));
}

Status check_choice(std::string_view key, const std::string& value,
                    std::span<const std::string_view> choices) {
  if (std::ranges::find(choices, value) != choices.end()) {
    return {};
  }
  std::string list;
  for (const std::string_view choice : choices) {
    list += list.empty() ? "" : ", ";
    list += choice;
  }
  return wrong(key, "'" + value + "' is none of " + list);
}

Status check_file(std::string_view key, const std::string& path) {
  if (!path.empty() && ::access(path.c_str(), R_OK) != 0) {
    const int reason = errno;
    return fail_errno("kafka_output." + std::string(key) + ": cannot read " + path, reason);
  }
  return {};
}

Status check_topic(const std::string& topic) {
  if (topic.empty()) {
    return wrong("topic", "is missing");
  }
  std::string plain = topic;
  for (const std::string_view variable : kTopicVariables) {
    for (auto at = plain.find(variable); at != std::string::npos; at = plain.find(variable)) {
      plain.replace(at, variable.size(), "x");
    }
  }
  if (plain.find('%') != std::string::npos) {
    return wrong("topic", "only %source, %priority and %rule may stand in '" + topic + "'");
  }
  if (legal_topic(plain) != plain || plain == "." || plain == "..") {
    return wrong("topic", "'" + topic +
                              "' may hold only letters, digits, '.', '_' and '-', and at most 249 "
                              "of them");
  }
  return {};
}

// A broker is host:port or host; the whole list is what librdkafka takes.
Status check_brokers(const std::string& brokers) {
  if (brokers.empty()) {
    return wrong("brokers", "is missing: name at least one host:port");
  }
  for (std::size_t begin = 0; begin <= brokers.size();) {
    const std::size_t end = std::min(brokers.find(',', begin), brokers.size());
    const std::string broker = brokers.substr(begin, end - begin);
    const std::size_t colon = broker.rfind(':');
    const bool has_port = colon != std::string::npos && broker.back() != ']';
    const std::string port = has_port ? broker.substr(colon + 1) : "9092";
    const bool is_number =
        !port.empty() && port.size() <= 5 &&
        std::ranges::all_of(port, [](char digit) { return digit >= '0' && digit <= '9'; });
    if (broker.empty() || colon == 0 || broker.find(' ') != std::string::npos || !is_number) {
      return wrong("brokers", "'" + broker + "' is no host:port");
    }
    begin = end + 1;
  }
  return {};
}

Status check(const KafkaOptions& options) {
  SAKER_RETURN_IF_ERROR(check_brokers(options.brokers));
  SAKER_RETURN_IF_ERROR(check_topic(options.topic));
  if (options.key.empty()) {
    return wrong("key", "is empty; use host, rule, container or the name of an output field");
  }
  SAKER_RETURN_IF_ERROR(check_choice("acks", options.acks, kAcks));
  if (options.idempotence && options.acks != "all" && options.acks != "-1") {
    return wrong("acks", "must be all unless idempotence is false");
  }
  SAKER_RETURN_IF_ERROR(check_choice("compression", options.compression, kCompressions));
  if (options.message_timeout.count() <= 0) {
    return wrong("message_timeout_ms", "must be more than 0");
  }
  if (!options.tls && (!options.ca_cert.empty() || !options.client_cert.empty())) {
    return wrong("tls", "certificates are configured, but tls is false");
  }
  if (options.client_cert.empty() != options.client_key.empty()) {
    return wrong("client_cert", "client_cert and client_key belong together");
  }
  SAKER_RETURN_IF_ERROR(check_file("ca_cert", options.ca_cert));
  SAKER_RETURN_IF_ERROR(check_file("client_cert", options.client_cert));
  SAKER_RETURN_IF_ERROR(check_file("client_key", options.client_key));
  if (options.sasl_mechanism.empty()) {
    if (!options.username.empty() || !options.password.empty()) {
      return wrong("sasl_mechanism", "is missing although a username or password is there");
    }
    return {};
  }
  SAKER_RETURN_IF_ERROR(check_choice("sasl_mechanism", options.sasl_mechanism, kMechanisms));
  const bool needs_password =
      options.sasl_mechanism == "PLAIN" || options.sasl_mechanism.starts_with("SCRAM");
  if (needs_password && (options.username.empty() || options.password.empty())) {
    return wrong("username", "username and password are needed for " + options.sasl_mechanism);
  }
  return {};
}

std::string protocol_of(const KafkaOptions& options) {
  const bool has_sasl = !options.sasl_mechanism.empty();
  return std::string(has_sasl ? "sasl_" : "") + (options.tls ? "ssl" : "plaintext");
}

}  // namespace

Result<std::vector<KafkaProperty>> kafka_properties(const KafkaOptions& options) {
  SAKER_RETURN_IF_ERROR(check(options));
  std::vector<KafkaProperty> properties;
  const auto add = [&properties](std::string name, const std::string& value, std::string key) {
    if (!value.empty()) {
      properties.push_back({std::move(name), value, "kafka_output." + std::move(key)});
    }
  };
  add("bootstrap.servers", options.brokers, "brokers");
  add("client.id", options.client_id, "client_id");
  add("enable.idempotence", options.idempotence ? "true" : "false", "idempotence");
  add("acks", options.acks, "acks");
  add("compression.type", options.compression, "compression");
  add("message.timeout.ms", std::to_string(options.message_timeout.count()), "message_timeout_ms");
  add("security.protocol", protocol_of(options), "tls");
  add("ssl.ca.location", options.ca_cert, "ca_cert");
  add("ssl.certificate.location", options.client_cert, "client_cert");
  add("ssl.key.location", options.client_key, "client_key");
  add("ssl.key.password", options.client_key_password, "client_key_password");
  if (options.tls && options.insecure) {
    add("enable.ssl.certificate.verification", "false", "insecure");
    add("ssl.endpoint.identification.algorithm", "none", "insecure");
  } else if (options.tls) {
    // librdkafka 2 checks the name by default, version 1 does not.
    add("ssl.endpoint.identification.algorithm", "https", "insecure");
  }
  add("sasl.mechanism", options.sasl_mechanism, "sasl_mechanism");
  add("sasl.username", options.username, "username");
  add("sasl.password", options.password, "password");
  for (const auto& [name, value] : options.properties) {
    properties.push_back({name, value, "kafka_output.properties." + name});
  }
  for (KafkaProperty& property : properties) {
    auto value = resolve_secret(property.value);
    if (!value) {
      return tl::unexpected(std::move(value).error().with_context(property.key));
    }
    property.value = std::move(*value);
  }
  return properties;
}

}  // namespace saker
