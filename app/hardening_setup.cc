// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/hardening_setup.h"

#include <linux/capability.h>

#include <array>
#include <utility>

#include "app/hardening.h"
#include "app/sources.h"

namespace saker::app {

namespace {

bool is_wanted(const config::Config& config) {
  return config.hardening.enabled && !is_replay(config) && config.engine.kind != "nodriver";
}

std::vector<std::string> written_files(const config::Config& config,
                                       const std::string& record_path) {
  const std::array<std::pair<bool, std::string>, 6> files = {{
      {true, record_path},
      {config.file_output.enabled, config.file_output.filename},
      {config.http_output.enabled && config.http_output.spool.enabled,
       config.http_output.spool.path},
      {config.kafka_output.enabled && config.kafka_output.spool.enabled,
       config.kafka_output.spool.path},
      {config.capture.enabled, config.capture.path_prefix},
      {config.metrics.enabled, config.metrics.output_file},
  }};
  std::vector<std::string> names;
  for (const auto& [is_used, name] : files) {
    if (is_used && !name.empty()) {
      names.push_back(name);
    }
  }
  return names;
}

CapabilitySet needed_capabilities(const config::Config& config, const std::string& record_path,
                                  Log& log) {
  CapabilitySet keep = sensor_capabilities();
  for (const std::string& name : config.hardening.keep_capabilities) {
    if (const int capability = capability_by_name(name); capability >= 0) {
      keep.insert(capability);
    } else {
      log.warning("hardening.keep_capabilities: there is no capability '" + name + "'");
    }
  }
  constexpr std::uint64_t kFirstFreePort = 1024;
  if (config.webserver.enabled && config.webserver.listen_port < kFirstFreePort) {
    keep.insert(CAP_NET_BIND_SERVICE);
  }
  for (const std::string& file : written_files(config, record_path)) {
    if (keep.count(CAP_DAC_OVERRIDE) == 0 && !could_write(file, keep)) {
      log.info("Keeping CAP_DAC_OVERRIDE, for " + file + " belongs to somebody else");
      keep.insert(CAP_DAC_OVERRIDE);
    }
  }
  return keep;
}

}  // namespace

namespace {

// The leak checker of a sanitizer build looks into its own process, which the setting forbids.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kNeedsToBeTraceable = true;
#else
constexpr bool kNeedsToBeTraceable = false;
#endif

void give_up_core_dumps(const config::Config& config, Log& log) {
  const config::HardeningOptions& options = config.hardening;
  if (!options.enabled || options.core_dumps || is_replay(config) || kNeedsToBeTraceable) {
    return;
  }
  if (const Status status = forbid_core_dumps(); !status) {
    log.warning(status.error().message);
  }
}

}  // namespace

void give_up_capabilities(const config::Config& config, const std::string& record_path, Log& log) {
  give_up_core_dumps(config, log);
  if (!is_wanted(config)) {
    return;
  }
  if (const Status status = keep_capabilities(needed_capabilities(config, record_path, log));
      !status) {
    log.warning("Running with more rights than needed: " + status.error().message);
    return;
  }
  if (const auto left = permitted_capabilities()) {
    std::string names;
    for (const int capability : *left) {
      names += " " + capability_name(capability);
    }
    log.debug("Capabilities:" + (names.empty() ? " none" : names));
  }
}

bool needs_programs(const config::Config& config) {
  // librdkafka runs kinit for GSSAPI.
  return config.program_output.enabled ||
         (config.kafka_output.enabled && config.kafka_output.sasl_mechanism == "GSSAPI");
}

bool forbids_programs(const config::Config& config) {
  return is_wanted(config) && !needs_programs(config);
}

void give_up_system_calls(const config::Config& config, Log& log) {
  if (!is_wanted(config)) {
    return;
  }
  if (const Status status = forbid_system_calls({.allows_programs = needs_programs(config)});
      !status) {
    log.warning("Running with more system calls than needed: " + status.error().message);
  }
}

}  // namespace saker::app
