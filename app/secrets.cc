// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/secrets.h"

#include <algorithm>

#include "compat/cli/redact_text.h"

namespace saker::app {

namespace {

constexpr std::size_t kMinLength = 4;

class Collector {
public:
  void add(const std::string& value) {
    const bool is_named_only =
        value.starts_with("env:") || value.starts_with("file:") || value.starts_with("/");
    if (value.size() >= kMinLength && !is_named_only) {
      secrets_.push_back(value);
    }
  }

  // "user:password@" of an address, with or without its scheme.
  void add_address(const std::string& address) {
    const std::size_t scheme = address.find("://");
    const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(address.find_first_of("/?", begin), address.size());
    const std::size_t sign = address.rfind('@', end);
    if (sign == std::string::npos || sign < begin) {
      return;
    }
    const std::string user = address.substr(begin, sign - begin);
    add(user);
    if (const std::size_t colon = user.find(':'); colon != std::string::npos) {
      add(user.substr(colon + 1));
    }
  }

  void add_all(const std::vector<std::string>& values) {
    std::ranges::for_each(values, [this](const std::string& value) { add(value); });
  }

  // The longest first: one may be a part of another.
  std::vector<std::string> list() && {
    std::ranges::sort(secrets_, [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    secrets_.erase(std::ranges::unique(secrets_).begin(), secrets_.end());
    return std::move(secrets_);
  }

private:
  std::vector<std::string> secrets_;
};

}  // namespace

std::vector<std::string> secrets_of(const config::Config& config) {
  Collector secrets;
  secrets.add_address(config.http_output.url);
  for (const auto& [name, value] : config.http_output.headers) {
    secrets.add(value);
  }
  const config::KafkaOutput& kafka = config.kafka_output;
  secrets.add(kafka.password);
  secrets.add(kafka.client_key_password);
  std::ranges::for_each(kafka.brokers, [&](const std::string& b) { secrets.add_address(b); });
  for (const auto& [name, value] : kafka.properties) {
    if (cli::sounds_secret(name)) {
      secrets.add(value);
    }
  }
  for (const config::SinkSettings* sink :
       {&config.stdout_common, &config.syslog_common, &config.file_output.common,
        &config.program_output.common, &config.http_output.common, &kafka.common}) {
    secrets.add_all(sink->redact_patterns);
  }
  return std::move(secrets).list();
}

std::string without(std::string_view text, const std::vector<std::string>& secrets) {
  std::string out(text);
  for (const std::string& secret : secrets) {
    for (std::size_t at = out.find(secret); at != std::string::npos;
         at = out.find(secret, at + cli::kRedacted.size())) {
      out.replace(at, secret.size(), cli::kRedacted);
    }
  }
  return out;
}

}  // namespace saker::app
