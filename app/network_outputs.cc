// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/network_outputs.h"

#include <filesystem>

namespace saker::app {

namespace {

constexpr std::string_view kDefaultFolder = "/var/lib/saker/spool/";
constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::uint64_t kBytesPerMegabyte = 1ULL << 20;

}  // namespace

std::string spool_path(const config::SpoolSettings& settings, std::string_view name) {
  const std::string file = std::string(name) + ".db";
  if (settings.path.empty()) {
    return std::string(kDefaultFolder) + file;
  }
  std::error_code ignored;
  if (settings.path.ends_with('/') || std::filesystem::is_directory(settings.path, ignored)) {
    return (std::filesystem::path(settings.path) / file).string();
  }
  return settings.path;
}

HttpOptions http_options(const config::HttpOutput& output) {
  HttpOptions options{.url = output.url,
                      .user_agent = output.user_agent,
                      .insecure = output.insecure,
                      .ca_cert = output.ca_cert,
                      .ca_bundle = output.ca_bundle,
                      .ca_path = output.ca_path,
                      .mtls = output.mtls,
                      .client_cert = output.client_cert,
                      .client_key = output.client_key,
                      .echo = output.echo,
                      .compress_uploads = output.compress_uploads,
                      .keep_alive = output.keep_alive,
                      .max_consecutive_timeouts = output.max_consecutive_timeouts,
                      .gzip_body = output.gzip_body,
                      .timeout = std::chrono::milliseconds(output.timeout_ms)};
  for (const auto& [name, value] : output.headers) {
    options.headers.push_back({name, value});
  }
  return options;
}

KafkaOptions kafka_options(const config::KafkaOutput& output) {
  KafkaOptions options{.topic = output.topic,
                       .key = output.key,
                       .client_id = output.client_id,
                       .acks = output.acks,
                       .compression = output.compression,
                       .idempotence = output.idempotence,
                       .message_timeout = std::chrono::milliseconds(output.message_timeout_ms),
                       .tls = output.tls,
                       .insecure = output.insecure,
                       .ca_cert = output.ca_cert,
                       .client_cert = output.client_cert,
                       .client_key = output.client_key,
                       .client_key_password = output.client_key_password,
                       .sasl_mechanism = output.sasl_mechanism,
                       .username = output.username,
                       .password = output.password,
                       .properties = output.properties};
  for (const std::string& broker : output.brokers) {
    options.brokers += options.brokers.empty() ? broker : "," + broker;
  }
  return options;
}

DurabilityOptions durability_options(const config::SpoolSettings& settings, std::string_view name) {
  DurabilityOptions durability;
  if (!settings.enabled) {
    return durability;
  }
  durability.is_spool_required = !settings.path.empty();
  durability.spool = SpoolOptions{
      .path = spool_path(settings, name),
      .max_bytes = settings.max_size_mb * kBytesPerMegabyte,
      .max_age_ns = settings.max_age_s * kNsPerSecond,
      .when_full = settings.when_full == "refuse" ? SpoolOptions::WhenFull::kRefuse
                                                  : SpoolOptions::WhenFull::kDropOldest,
      .sync = settings.sync == "normal" ? SpoolOptions::Sync::kNormal : SpoolOptions::Sync::kFull};
  return durability;
}

}  // namespace saker::app
